// Where a pixel of one of OHIF's viewports lies in the patient, in the terms that our masks and marks are drawn in. Pure.
import { cross, dot, normalize, scale, subtract, type Vec3 } from "#core/space";
import type { Plane } from "#host/contract";
import type { PlaneAxes, PlaneFrame } from "#viewport/planes";
import type { OhifViewport } from "./ohif-types.ts";

/** Planes closer than this to an acquired one show acquired slices. */
const UPRIGHT_DEGREES = 0.1;

/**
 * The frame of a viewport of this size (CSS pixels), whatever orientation, flip and zoom OHIF gave it; null while it has none. `axes` are
 * the three planes of the open CT: the viewport counts as the one that it is closest to.
 */
export function frameOfViewport(
  viewport: Pick<OhifViewport, "canvasToWorld">,
  axes: Readonly<Record<Plane, PlaneAxes>>,
  widthPx: number,
  heightPx: number,
): PlaneFrame | null {
  if (widthPx < 2 || heightPx < 2) return null;
  const corner = viewport.canvasToWorld([0, 0]);
  const across = subtract(viewport.canvasToWorld([widthPx, 0]), corner);
  const along = subtract(viewport.canvasToWorld([0, heightPx]), corner);
  const mmPerPx = Math.hypot(...across) / widthPx;
  if (!(mmPerPx > 0) || !Number.isFinite(mmPerPx)) return null;
  const right = normalize(across);
  const down = normalize(along);
  const normal = cross(right, down);
  const nearest = Object.values(axes).reduce((best, one) =>
    Math.abs(dot(one.forward, normal)) > Math.abs(dot(best.forward, normal)) ? one : best,
  );
  const cosine = dot(nearest.forward, normal);
  const forward: Vec3 = scale(normal, Math.sign(cosine) || 1);
  const degrees = (Math.acos(Math.min(1, Math.abs(cosine))) * 180) / Math.PI;
  return {
    axes: {
      ...nearest,
      right,
      down,
      forward,
      tiltDegrees: Math.max(nearest.tiltDegrees, degrees < UPRIGHT_DEGREES ? 0 : degrees),
      turnedDegrees: degrees < UPRIGHT_DEGREES ? 0 : degrees,
    },
    widthPx,
    heightPx,
    center: viewport.canvasToWorld([widthPx / 2, heightPx / 2]),
    mmPerPx,
  };
}
