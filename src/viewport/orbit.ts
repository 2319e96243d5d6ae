// How the 3D view is turned: around the patient's head axis and up or down, never upside down. Pure.
import type { Vec3 } from "#core/space";
import { add, cross, scale } from "#core/space";
import type { PatientSide } from "#host/viewport-port";

export interface Orbit {
  /** Radians around the head axis: 0 looks from in front, positive from the patient's left. */
  readonly turn: number;
  /** Radians: positive looks from above. */
  readonly tilt: number;
  readonly center: Vec3;
  /** 1 fits the whole volume. */
  readonly zoom: number;
}

export interface OrbitAxes {
  readonly right: Vec3;
  readonly down: Vec3;
  /** From what is seen to the eye. */
  readonly viewer: Vec3;
}

const steepest = (85 * Math.PI) / 180;
const radiansPerPx = 0.008;

export function orbitAxes({ turn, tilt }: Orbit): OrbitAxes {
  const level: Vec3 = [Math.sin(turn), -Math.cos(turn), 0];
  const viewer = add(scale(level, Math.cos(tilt)), [0, 0, Math.sin(tilt)]);
  const up = add(scale(level, -Math.sin(tilt)), [0, 0, Math.cos(tilt)]);
  return { right: cross(up, viewer), down: scale(up, -1), viewer };
}

/** Steeper than this nobody knows the pelvis again: a leak below its bone is seen from below in front. */
const steepestLook = (45 * Math.PI) / 180;

/** How near a thing is looked at that is turned to: a leak of a centimetre beside its bone. */
const LOOK_ZOOM = 2.4;

/** Seen from the side that `outward` points to, with `at` in the middle; nearer than that is kept. */
export function lookingFrom(outward: Vec3, at: Vec3, now: Orbit | null): Orbit {
  const level = Math.hypot(outward[0], outward[1]);
  const tilt = Math.max(-steepestLook, Math.min(steepestLook, Math.atan2(outward[2], level)));
  // Straight above or below the turn is anyone's: in front.
  const turn = level < 1e-6 ? 0 : Math.atan2(outward[0], -outward[1]);
  return { turn, tilt, center: at, zoom: Math.max(LOOK_ZOOM, now?.zoom ?? 0) };
}

const standardViews: Readonly<Record<PatientSide, Pick<Orbit, "turn" | "tilt">>> = {
  A: { turn: 0, tilt: 0 },
  L: { turn: Math.PI / 2, tilt: 0 },
  P: { turn: Math.PI, tilt: 0 },
  R: { turn: -Math.PI / 2, tilt: 0 },
  // From above and below the front is up, as in axial slices.
  H: { turn: Math.PI, tilt: Math.PI / 2 },
  F: { turn: 0, tilt: -Math.PI / 2 },
};
/** The whole patient, a little nearer than what just fits. */
export const WHOLE_ZOOM = 1.25;

/** The whole volume seen from one side of the patient. */
export const standardOrbit = (side: PatientSide, center: Vec3): Orbit => ({
  ...standardViews[side],
  center,
  zoom: WHOLE_ZOOM,
});

/** The side after the one that is looked from now: in front, left, behind, right, above, below, and round again. */
export function nextSide(now: Orbit | null): PatientSide {
  const sides = ["A", "L", "P", "R", "H", "F"] as const;
  const shown = sides.findIndex(
    (side) => now?.turn === standardViews[side].turn && now.tilt === standardViews[side].tilt,
  );
  return sides[(shown + 1) % sides.length];
}

/** The patient turns with the pointer. */
export function turned(orbit: Orbit, dxPx: number, dyPx: number): Orbit {
  const tilt = Math.max(-steepest, Math.min(steepest, orbit.tilt + dyPx * radiansPerPx));
  return { ...orbit, turn: orbit.turn - dxPx * radiansPerPx, tilt };
}
