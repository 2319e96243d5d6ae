// Starts Cornerstone once for the page, after testing that the browser can draw with WebGL2 at all.
import { cache, getRenderingCapabilities, init, RenderingEngine } from "@cornerstonejs/core";

/** One WebGL context for all views; the library's default opens seven. */
const rendering = { webGlContextCount: 1 };
/** The volumes' memory is ours already and only referenced by the cache: its limit must not refuse a long scan. */
const cacheBytes = 16 * 1024 ** 3;

let started = false;

export interface Webgl {
  /** "software": WebGL2 works, on the processor. */
  readonly runsOn: "gpu" | "software" | "nothing";
  /** Longest side of a 3D texture, in voxels. */
  readonly longestSide: number;
}

const nothing: Webgl = { runsOn: "nothing", longestSide: 0 };

let webgl: Webgl | undefined;

/** What WebGL2 runs on (asked once). Cornerstone's set-up throws without it. */
export function webglHere(): Webgl {
  return (webgl ??= askWebgl());
}

function askWebgl(): Webgl {
  try {
    const context = document.createElement("canvas").getContext("webgl2");
    if (!context) return nothing;
    const named = context.getExtension("WEBGL_debug_renderer_info");
    const name: unknown = context.getParameter(named?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER);
    const longestSide = Number(context.getParameter(context.MAX_3D_TEXTURE_SIZE));
    context.getExtension("WEBGL_lose_context")?.loseContext();
    const inSoftware = /swiftshader|llvmpipe|softpipe|software|basic render/i.test(String(name));
    return { runsOn: inSoftware ? "software" : "gpu", longestSide };
  } catch {
    return nothing;
  }
}

/** A rendering engine of its own for each port; ask `webglHere` first. */
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
