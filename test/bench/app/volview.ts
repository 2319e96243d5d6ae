// VolView: files through the chooser of its start page; it opens three slices and a 3D view by itself.
import { builtApp, serveApp } from "../../npm-app.ts";
import { ContestantFailed, IDLE_BEFORE_MS, type Contestant } from "./contestant.ts";
import type { WatchedWindow } from "./watched-page.ts";

const VERSION = "4.4.1";
const HASH =
  "sha512-dYFSHLzBZXDz5Cb/QX3oMndSrVO9cClHlpO0xNobZ2L6UDlMpNF5U1M1j67oFwbmT+trrhueulXHFHekeIlxVg==";
const PATIENCE = { timeout: 120_000 };

/** VolView's store of images (src/store/image-cache.ts in its package), by way of Vue's app on its element. */
interface ImageCache {
  readonly imageIds: readonly string[];
  readonly imageStatus: Readonly<Record<string, "complete" | "incomplete">>;
  readonly imageLoading: Readonly<Record<string, boolean>>;
  $subscribe(listener: () => void, options: { flush: "sync" }): void;
}
interface VueElement extends HTMLElement {
  readonly __vue_app__?: {
    readonly config: {
      readonly globalProperties: { readonly $pinia: { readonly _s: ReadonlyMap<string, ImageCache> } };
    };
  };
}

export async function volview(): Promise<Contestant> {
  const app = await builtApp({ name: "volview", version: VERSION, hash: HASH, keptIn: "volview" });
  if ("whyNot" in app) throw new ContestantFailed(app.whyNot);
  const server = await serveApp(app.folder);
  return {
    name: "volview",
    title: `VolView ${VERSION}`,
    url: `${server.url}/`,
    async give(page, { files }) {
      const start = page.getByText("Click to open local files");
      await start.waitFor(PATIENCE);
      await page.waitForTimeout(IDLE_BEFORE_MS);
      await page.evaluate(watchFor);
      const chooser = page.waitForEvent("filechooser", PATIENCE);
      await start.click();
      await (await chooser).setFiles([...files]);
    },
    close: () => server.close(),
  };
}

/** In the page: its store says when an image is complete. */
function watchFor(): void {
  const { benchWatch } = window as unknown as WatchedWindow;
  const store = document
    .querySelector<VueElement>("#app")
    ?.__vue_app__?.config.globalProperties.$pinia._s.get("image-cache");
  if (!store) throw new Error("VolView has no store of images");
  let completeAt = 0;
  store.$subscribe(
    () => {
      const { imageIds, imageStatus, imageLoading } = store;
      if (imageIds.length > 0 && imageIds.every((id) => imageStatus[id] === "complete" && !imageLoading[id]))
        completeAt ||= performance.now();
    },
    { flush: "sync" },
  );
  benchWatch.wholeAt = () => completeAt;
  benchWatch.views = '[data-testid~="vtk-two-view"] canvas';
}
