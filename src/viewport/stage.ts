// The WebGL side of one port: its Cornerstone engine, started when first needed, and what happens when WebGL is lost.
import { Enums, eventTarget, type RenderingEngine } from "@cornerstonejs/core";
import type { Drawing } from "#host/viewport-port";
import { type DisplayVolume, fitsTexture } from "./display-volume.ts";
import { startEngine, webglHere } from "./cornerstone-start.ts";

export interface Stage {
  readonly works: boolean;
  /**
   * WebGL draws the planes of this volume. Where that runs on the processor, drawing them there directly is faster and starts at once;
   * and a volume can be too large for a texture.
   */
  drawsPlanesOf(display: DisplayVolume | null): boolean;
  /** Null without WebGL2. */
  engine(): RenderingEngine | null;
  /** Throws the engine away; the next one starts when it is needed. No view may use the old one any more. */
  restart(): void;
  stop(): void;
}

let nextEngine = 1;

/** vtk.js can't use a restored context, so `restored` must build views and volume anew after `restart`. */
export function createStage(drawing: Drawing, lost: () => void, restored: () => void): Stage {
  const here = webglHere();
  const works = here.runsOn !== "nothing";
  const draws = works && (drawing === "auto" ? here.runsOn === "gpu" : drawing === "gpu");
  let engine: RenderingEngine | null = null;
  const isOurs = (event: Event): boolean => {
    const detail: unknown = event instanceof CustomEvent ? event.detail : null;
    if (typeof detail !== "object" || detail === null || !("renderingEngineId" in detail)) return false;
    return engine !== null && detail.renderingEngineId === engine.id;
  };
  const onLost = (event: Event): void => {
    if (isOurs(event)) lost();
  };
  const onRestored = (event: Event): void => {
    if (isOurs(event)) restored();
  };
  eventTarget.addEventListener(Enums.Events.WEBGL_CONTEXT_LOST, onLost);
  eventTarget.addEventListener(Enums.Events.WEBGL_CONTEXT_RESTORED, onRestored);
  const drop = (): void => {
    const old = engine;
    engine = null;
    old?.destroy();
  };
  return {
    works,
    drawsPlanesOf: (display) => draws && (display === null || fitsTexture(display, here.longestSide)),
    engine: () => (works ? (engine ??= startEngine(`engine-${nextEngine++}`)) : null),
    restart: drop,
    stop() {
      eventTarget.removeEventListener(Enums.Events.WEBGL_CONTEXT_LOST, onLost);
      eventTarget.removeEventListener(Enums.Events.WEBGL_CONTEXT_RESTORED, onRestored);
      drop();
    },
  };
}
