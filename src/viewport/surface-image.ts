// The 3D picture: a Cornerstone 3D viewport that holds surfaces only, never the volume (17 s a frame without a GPU).
import { Enums, type RenderingEngine, type Types, VolumeViewport3D } from "@cornerstonejs/core";
import type { Vec3 } from "#core/space";
import { add, scale } from "#core/space";
import type { OrbitAxes } from "./orbit.ts";
import type { SurfaceActor } from "./surface-actor.ts";

export interface SurfaceImage {
  add(id: string, surface: SurfaceActor): void;
  remove(id: string): void;
  setCamera(axes: OrbitAxes, center: Vec3, halfHeightMm: number): void;
  render(): void;
  stop(): void;
}

const point3 = (v: Vec3): Types.Point3 => [v[0], v[1], v[2]];

export function createSurfaceImage(
  engine: RenderingEngine,
  viewportId: string,
  element: HTMLDivElement,
  rendered: () => void,
): SurfaceImage | null {
  engine.enableElement({
    viewportId,
    element,
    type: Enums.ViewportType.VOLUME_3D,
    defaultOptions: { background: [0.03, 0.04, 0.05], parallelProjection: true },
  });
  const viewport = engine.getViewport(viewportId);
  if (!(viewport instanceof VolumeViewport3D)) return null;
  element.addEventListener(Enums.Events.IMAGE_RENDERED, rendered);
  return {
    add: (uid, { actor }) => viewport.addActor({ uid, actor }),
    remove: (uid) => viewport.removeActors([uid]),
    setCamera({ down, viewer }, center, halfHeightMm) {
      viewport.setCamera({
        focalPoint: point3(center),
        position: point3(add(center, scale(viewer, 2000))),
        viewPlaneNormal: point3(viewer),
        viewUp: point3(scale(down, -1)),
        parallelScale: halfHeightMm,
      });
    },
    render: () => viewport.render(),
    stop() {
      element.removeEventListener(Enums.Events.IMAGE_RENDERED, rendered);
      engine.disableElement(viewportId);
    },
  };
}
