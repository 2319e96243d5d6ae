// Starts Cornerstone once for the page, after testing that the browser can draw with WebGL2 at all.
import { cache, getRenderingCapabilities, init, RenderingEngine } from "@cornerstonejs/core";

/** One WebGL context for all views; the library's default opens seven. */
const rendering = { webGlContextCount: 1 };
/** The volumes' memory is ours already and only referenced by the cache: its limit must not refuse a long scan. */
const cacheBytes = 16 * 1024 ** 3;

let started = false;

let webgl2: boolean | undefined;

/** Whether WebGL2 works (asked once). Cornerstone's set-up throws without it. */
export function hasWebgl2(): boolean {
  if (webgl2 === undefined) {
    try {
      const context = document.createElement("canvas").getContext("webgl2");
      context?.getExtension("WEBGL_lose_context")?.loseContext();
      webgl2 = context !== null;
    } catch {
      webgl2 = false;
    }
  }
  return webgl2;
}

/** A rendering engine of its own for each port; call `hasWebgl2` first. */
export function startEngine(id: string): RenderingEngine {
  if (!started) {
    init({ rendering, debug: { statsOverlay: false } });
    cache.setMaxCacheSize(cacheBytes);
    started = true;
  }
  return new RenderingEngine(id);
}

/** True where WebGL runs on the processor: fewer triangles then. Ask after `startEngine`. */
export const drawsInSoftware = (): boolean => getRenderingCapabilities().softwareRasterizer;
