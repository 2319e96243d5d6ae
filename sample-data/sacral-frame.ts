// The curved coordinates of the spine and sacrum: s along it, v towards the belly, x to the left.
//
// s = 0 at the upper end plate of S1 and grows towards the coccyx; v = 0 on the back wall of the vertebral bodies and grows ventrally.
// The curve lies in the median plane, so (s, v) depends on patient (y, z) only. mm throughout.
import type { Vec3 } from "#core/space";
import { profile } from "./shapes.ts";

export interface SacralFrame {
  /** Position along the curve of patient (y, z). */
  s(y: number, z: number): number;
  /** Distance in front of the back wall of patient (y, z). */
  v(y: number, z: number): number;
  /** Patient point of (x, v, s). */
  patientFromSacral(x: number, v: number, s: number): Vec3;
  /** Unit vector in patient space of the given steps in x, v, s at `s`. */
  direction(dx: number, dv: number, ds: number, s: number): Vec3;
}

export const FIRST_S_MM = -190;
const LAST_S_MM = 190;
const STEP_MM = 1;
const Y0 = -140;
const Y1 = 150;
const Z0 = -190;
const Z1 = 190;

/**
 * The frame of a spine. `kyphosis` scales the bend of the sacrum (1 is usual), `slopeDegrees` is the slope of the S1 end plate,
 * `promontoryYMm` the patient y of the back wall at S1; that point has z = 0.
 */
export function sacralFrame(kyphosis: number, slopeDegrees: number, promontoryYMm: number): SacralFrame {
  const bend = (degrees: number) => slopeDegrees - (slopeDegrees - degrees) * kyphosis;
  const angleDegrees = profile(
    [-150, -12],
    [-100, -6],
    [-62, 6],
    [-34, 18],
    [-6, slopeDegrees - 5],
    [6, slopeDegrees],
    [32, slopeDegrees - 3],
    [55, bend(24)],
    [82, bend(2)],
    [108, bend(-18)],
    [145, bend(-48)],
  );
  const count = (LAST_S_MM - FIRST_S_MM) / STEP_MM + 1;
  const angle = new Float64Array(count);
  const y = new Float64Array(count);
  const z = new Float64Array(count);
  for (let n = 0; n < count; n++) {
    let sum = 0;
    // smoothed over 14 mm, so that end plates are not kinked
    for (let m = -7; m <= 7; m++) sum += angleDegrees(FIRST_S_MM + n * STEP_MM + m);
    angle[n] = ((sum / 15) * Math.PI) / 180;
  }
  const zero = -FIRST_S_MM / STEP_MM;
  y[zero] = promontoryYMm;
  for (let n = zero; n < count - 1; n++) {
    y[n + 1] = y[n] + Math.sin(angle[n]) * STEP_MM;
    z[n + 1] = z[n] - Math.cos(angle[n]) * STEP_MM;
  }
  for (let n = zero; n > 0; n--) {
    y[n - 1] = y[n] - Math.sin(angle[n - 1]) * STEP_MM;
    z[n - 1] = z[n] + Math.cos(angle[n - 1]) * STEP_MM;
  }

  const columns = Y1 - Y0 + 1;
  const rows = Z1 - Z0 + 1;
  const sTable = new Float32Array(columns * rows);
  const vTable = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const py = Y0 + column;
      const pz = Z0 + row;
      let best = 0;
      let bestSquared = 1e12;
      for (let n = 0; n < count; n++) {
        const squared = (py - y[n]) ** 2 + (pz - z[n]) ** 2;
        if (squared < bestSquared) {
          bestSquared = squared;
          best = n;
        }
      }
      const dy = py - y[best];
      const dz = pz - z[best];
      const along = dy * Math.sin(angle[best]) - dz * Math.cos(angle[best]);
      sTable[row * columns + column] = FIRST_S_MM + best * STEP_MM + along;
      vTable[row * columns + column] = -dy * Math.cos(angle[best]) - dz * Math.sin(angle[best]);
    }

  const lookUp = (table: Float32Array, py: number, pz: number) => {
    const a = Math.min(Math.max(py - Y0, 0), columns - 1.001);
    const b = Math.min(Math.max(pz - Z0, 0), rows - 1.001);
    const column = a | 0;
    const row = b | 0;
    const f = a - column;
    const g = b - row;
    const at = row * columns + column;
    const low = table[at] * (1 - f) + table[at + 1] * f;
    const high = table[at + columns] * (1 - f) + table[at + columns + 1] * f;
    return low * (1 - g) + high * g;
  };
  const onCurve = (s: number) => {
    const a = Math.min(Math.max((s - FIRST_S_MM) / STEP_MM, 0), count - 1.001);
    const n = a | 0;
    const f = a - n;
    const mix = (list: Float64Array) => list[n] * (1 - f) + list[n + 1] * f;
    return { y: mix(y), z: mix(z), angle: mix(angle) };
  };
  return {
    s: (py, pz) => lookUp(sTable, py, pz),
    v: (py, pz) => lookUp(vTable, py, pz),
    patientFromSacral: (x, v, s) => {
      const at = onCurve(s);
      return [x, at.y - v * Math.cos(at.angle), at.z - v * Math.sin(at.angle)];
    },
    direction: (dx, dv, ds, s) => {
      const { angle: a } = onCurve(s);
      const py = ds * Math.sin(a) - dv * Math.cos(a);
      const pz = -ds * Math.cos(a) - dv * Math.sin(a);
      const l = Math.hypot(dx, py, pz);
      return [dx / l, py / l, pz / l];
    },
  };
}
