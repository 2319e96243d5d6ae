// A second reconstruction of the same scan, shown in place of the first with one key: is that streak cement?
import { ProblemError, type Problem } from "#core/problem";
import type { Readable } from "#core/readable";
import type { SeriesContext } from "#core/study";
import type { AppStore } from "./app-store.ts";
import type { ViewportPort } from "./viewport-port.ts";
import type { LoadedSeries, Progress, WorkerLine } from "./worker-protocol.ts";

export interface SecondSeries {
  /** Shows the other reconstruction, or the case's own again. The first time it is looked for among the opened files. */
  toggleSecond(): Promise<void>;
}

export interface SecondSeriesOptions {
  readonly store: AppStore;
  readonly worker: WorkerLine;
  readonly viewport: Readable<ViewportPort | null>;
}

const none: Problem = {
  code: "open/no-second-series",
  severity: "info",
  details: {},
  text: {
    en: "The opened files hold no second reconstruction of this scan (same study and frame of reference). Open a folder that has one",
    zh: "已打开的文件中没有该扫描的第二种重建（同一检查与参考坐标系）。请打开包含它的文件夹",
  },
};

const sameScan = (a: SeriesContext, b: SeriesContext): boolean =>
  a.frameOfReferenceUid !== "" && a.frameOfReferenceUid === b.frameOfReferenceUid;

export function createSecondSeries({ store, worker, viewport }: SecondSeriesOptions): SecondSeries {
  let looking: Promise<LoadedSeries | null> | null = null;

  /** The first series of the same study and frame of reference among the opened files. */
  async function look(main: SeriesContext): Promise<LoadedSeries | null> {
    const candidates = (store.get().read?.series ?? []).filter(
      (series) =>
        series.openable &&
        series.study.studyInstanceUid === main.study.studyInstanceUid &&
        series.seriesInstanceUid !== main.seriesInstanceUid,
    );
    const progress = (at: Progress) => store.update({ opening: { what: "second", progress: at } });
    try {
      for (const { seriesInstanceUid } of candidates) {
        progress({ fraction: 0 });
        const result = await worker.load(seriesInstanceUid, "second", { progress });
        // What decodes badly is not the one that is looked for.
        if (result.ok && sameScan(result.value.context, main)) return result.value;
      }
    } finally {
      if (store.get().opening?.what === "second") store.update({ opening: null });
      // The page holds the voxels; the worker has no use for them.
      void worker.forget("second");
    }
    return null;
  }

  return {
    async toggleSecond() {
      const port = viewport.get();
      const { series } = store.get().scene;
      if (!port || !series) return;
      if (port.state.get().inPlace) return port.showInPlace(null);
      const known = store.get().second;
      const second = known ?? (await (looking ??= look(series).finally(() => (looking = null))));
      if (store.get().scene.series !== series) return;
      if (!second) throw new ProblemError(none);
      store.update({ second });
      await port.showInPlace(second.volume);
    },
  };
}
