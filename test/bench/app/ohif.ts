// OHIF: files through the picker of its own page for local files, then its study list, its basic viewer, its MPR.
import { localFilesConfig, ohifApp, serveOhif } from "../../ohif/ohif-app.ts";
import { ContestantFailed, IDLE_BEFORE_MS, type Contestant } from "./contestant.ts";
import { saved } from "./ours.ts";
import type { WatchedWindow } from "./watched-page.ts";

const VERSION = "3.13.2";
/** As OHIF's own default configuration has it. */
const WEB_WORKERS = 3;
const PATIENCE = { timeout: 120_000 };
/** What its labelmap is filled with: its own range inputs end at 1000 HU, so it is given the voxels. */
const CEMENT_HU = 1200;

/** What of OHIF's own globals is asked for. */
interface OhifWindow extends WatchedWindow {
  readonly cornerstone?: {
    readonly cache: {
      readonly _imageCache: ReadonlyMap<string, { readonly loaded?: boolean }>;
      getVolumes(): readonly {
        readonly imageIds: readonly string[];
        readonly voxelManager: { getCompleteScalarDataArray(): ArrayLike<number> };
      }[];
      getImage(id: string): { voxelManager: { setAtIndex(at: number, value: number): void } } | undefined;
    };
    readonly eventTarget: EventTarget;
  };
  readonly services: {
    readonly viewportGridService: { getActiveViewportId(): string };
    readonly segmentationService: {
      getSegmentations(): readonly {
        readonly segmentationId: string;
        readonly representationData: { readonly Labelmap: { readonly imageIds: readonly string[] } };
      }[];
    };
  };
  readonly commandsManager: { runCommand(name: string, options: object): unknown };
}

export async function ohif(): Promise<Contestant> {
  const app = await ohifApp(VERSION);
  if ("whyNot" in app) throw new ContestantFailed(app.whyNot);
  const server = await serveOhif(app.folder, { config: localFilesConfig(WEB_WORKERS) });
  return {
    name: "ohif",
    title: `OHIF ${VERSION}`,
    url: `${server.url}/local`,
    async give(page, { files, slices }) {
      // The second asks for a folder.
      const input = page.locator("input[type=file]").first();
      await input.waitFor({ state: "attached", ...PATIENCE });
      await page.waitForTimeout(IDLE_BEFORE_MS);
      await page.evaluate(watchFor, slices);
      await input.setInputFiles([...files]);
    },
    async saveSeg(page) {
      await page.evaluate(fillLabelmap, CEMENT_HU);
      await page.waitForTimeout(IDLE_BEFORE_MS);
      return saved(page, () =>
        page.evaluate(() => {
          const { services, commandsManager, benchWatch } = window as unknown as OhifWindow;
          const [{ segmentationId }] = services.segmentationService.getSegmentations();
          benchWatch.lastFileAt = 0;
          const asked = performance.now();
          // What the menu item of its segmentation panel does.
          commandsManager.runCommand("downloadSegmentation", { segmentationId });
          return asked;
        }),
      );
    },
    close: () => server.close(),
  };
}

/** In the page: the way to its viewer and on to its MPR, and its own events for what is loaded. */
function watchFor(slices: number): void {
  const { benchWatch } = window as unknown as OhifWindow;
  const leaf = (words: RegExp) => (): HTMLElement | undefined =>
    [...document.querySelectorAll<HTMLElement>("body *")].find(
      (element) => element.childElementCount === 0 && words.test((element.textContent ?? "").trim()),
    );
  const whole = { at: 0, loaded: new Set<string>(), listening: false };
  benchWatch.wholeAt = () => {
    const { cornerstone } = window as unknown as OhifWindow;
    if (cornerstone && !whole.listening) {
      whole.listening = true;
      const note = (id: string): void => {
        whole.loaded.add(id);
        if (whole.loaded.size >= slices) whole.at ||= performance.now();
      };
      cornerstone.eventTarget.addEventListener("CORNERSTONE_IMAGE_LOADED", (event) => {
        if (event instanceof CustomEvent)
          note(String((event.detail as { image: { imageId: string } }).image.imageId));
      });
      for (const [id, { loaded }] of cornerstone.cache._imageCache) if (loaded) note(id);
    }
    return whole.at;
  };
  benchWatch.views = "canvas.cornerstone-canvas";
  benchWatch.next.push(
    leaf(/^PHANTOM, SACRUM$/),
    leaf(/^Basic Viewer$/),
    () => (benchWatch.volumeAt > 0 ? document.querySelector<HTMLElement>("[data-cy=layout-button]") : null),
    () => document.querySelector<HTMLElement>("[data-cy=MPR]"),
  );
}

/** In the page: a labelmap of one segment over the volume, filled with what is as dense as cement. */
async function fillLabelmap(cementHu: number): Promise<void> {
  const { services, commandsManager, cornerstone } = window as unknown as OhifWindow;
  const viewportId = services.viewportGridService.getActiveViewportId();
  await commandsManager.runCommand("createLabelmapForViewport", { viewportId });
  const [segmentation] = services.segmentationService.getSegmentations();
  const volume = cornerstone?.cache.getVolumes().find(({ imageIds }) => imageIds.length > 1);
  const { imageIds } = segmentation.representationData.Labelmap;
  if (!cornerstone || !volume || imageIds.length !== volume.imageIds.length)
    throw new Error(`a labelmap of ${imageIds.length} images`);
  const hu = volume.voxelManager.getCompleteScalarDataArray();
  const inSlice = hu.length / imageIds.length;
  let filled = 0;
  for (const [k, id] of imageIds.entries()) {
    const image = cornerstone.cache.getImage(id);
    for (let at = 0; at < inSlice; at++) {
      if (hu[k * inSlice + at] < cementHu) continue;
      image?.voxelManager.setAtIndex(at, 1);
      filled++;
    }
  }
  if (filled === 0) throw new Error("no voxel of the volume is as dense as cement");
}
