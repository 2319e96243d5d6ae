// The least-squares steps by which a registration finds a rigid motion.
import type { Rigid } from "#core/rigid";
import { moved } from "#core/rigid";
import type { Vec3 } from "#core/space";
import { add, scale, subtract } from "#core/space";

/** `rigid`, then a turn by the vector `turn` (radians, right-handed) about `about` and a shift. */
export function thenTurned(rigid: Rigid, turn: Vec3, about: Vec3, shiftMm: Vec3): Rigid {
  const angle = Math.hypot(...turn);
  const [x, y, z] = angle > 0 ? scale(turn, 1 / angle) : [1, 0, 0];
  const s = Math.sin(angle);
  const c = Math.cos(angle);
  const v = 1 - c;
  // Rodrigues' formula
  const d = [
    c + x * x * v,
    x * y * v - z * s,
    x * z * v + y * s,
    y * x * v + z * s,
    c + y * y * v,
    y * z * v - x * s,
    z * x * v - y * s,
    z * y * v + x * s,
    c + z * z * v,
  ];
  const r = rigid.rotation;
  const at = (row: number, column: number) =>
    d[3 * row] * r[column] + d[3 * row + 1] * r[3 + column] + d[3 * row + 2] * r[6 + column];
  const turned: Rigid["rotation"] = [
    at(0, 0),
    at(0, 1),
    at(0, 2),
    at(1, 0),
    at(1, 1),
    at(1, 2),
    at(2, 0),
    at(2, 1),
    at(2, 2),
  ];
  const arm = subtract(rigid.translationMm, about);
  const swung: Vec3 = [
    d[0] * arm[0] + d[1] * arm[1] + d[2] * arm[2],
    d[3] * arm[0] + d[4] * arm[1] + d[5] * arm[2],
    d[6] * arm[0] + d[7] * arm[1] + d[8] * arm[2],
  ];
  return { rotation: turned, translationMm: add(add(swung, about), shiftMm) };
}

/** Degrees by which a motion turns. */
export function turnDegrees({ rotation: r }: Rigid): number {
  return (Math.acos(Math.max(-1, Math.min(1, (r[0] + r[4] + r[8] - 1) / 2))) * 180) / Math.PI;
}

/** A residual and how it changes with the moved point. */
export interface Residual {
  value: number;
  gx: number;
  gy: number;
  gz: number;
}

/**
 * Levenberg-Marquardt over the six freedoms (after Fitzgibbon, Image Vis Comput 2003;21:1145): the mean of r2 / (1 + r2 / s2), with
 * residuals r from `residualAt(n, x, y, z, out)` for the moved points (x, y, z in turn in `points`), s = `robust`. Points for which
 * `residualAt` is false say nothing. Stops at steps below 0.02 mm and 0.0002 rad.
 */
export function fitRigid(
  start: Rigid,
  points: Float64Array,
  residualAt: (n: number, x: number, y: number, z: number, out: Residual) => boolean,
  robust: number,
  rounds: number,
): Rigid {
  const count = points.length / 3;
  const out: Residual = { value: 0, gx: 0, gy: 0, gz: 0 };
  const middle: [number, number, number] = [0, 0, 0];
  for (let n = 0; n < points.length; n++) middle[n % 3] += points[n] / count;
  let pose = start;
  let damping = 1e-3;
  let system = normalEquations(pose);
  for (let round = 0; round < rounds; round++) {
    const step = solve(system.matrix, system.side, damping);
    if (!step) break;
    const tried = thenTurned(pose, [step[3], step[4], step[5]], system.about, [step[0], step[1], step[2]]);
    const next = normalEquations(tried);
    if (next.cost <= system.cost) {
      [pose, system] = [tried, next];
      damping = Math.max(1e-6, damping / 4);
      if (Math.hypot(step[0], step[1], step[2]) < 0.02 && Math.hypot(step[3], step[4], step[5]) < 2e-4) break;
    } else {
      damping *= 8;
      if (damping > 1e4) break;
    }
  }
  return pose;

  function normalEquations(at: Rigid) {
    const matrix = new Float64Array(36);
    const side = new Float64Array(6);
    const about = moved(at, middle);
    const r = at.rotation;
    const [tx, ty, tz] = at.translationMm;
    let cost = 0;
    let total = 0;
    const j = [0, 0, 0, 0, 0, 0];
    for (let n = 0; n < count; n++) {
      const px = points[3 * n];
      const py = points[3 * n + 1];
      const pz = points[3 * n + 2];
      const x = r[0] * px + r[1] * py + r[2] * pz + tx;
      const y = r[3] * px + r[4] * py + r[5] * pz + ty;
      const z = r[6] * px + r[7] * py + r[8] * pz + tz;
      if (!residualAt(n, x, y, z, out)) continue;
      const { value, gx, gy, gz } = out;
      const square = value * value;
      const share = 1 / (1 + square / (robust * robust));
      const weight = share * share;
      const [ax, ay, az] = [x - about[0], y - about[1], z - about[2]];
      j[0] = gx;
      j[1] = gy;
      j[2] = gz;
      j[3] = ay * gz - az * gy;
      j[4] = az * gx - ax * gz;
      j[5] = ax * gy - ay * gx;
      cost += square * share;
      total++;
      for (let a = 0; a < 6; a++) {
        side[a] -= weight * j[a] * value;
        for (let b = a; b < 6; b++) matrix[6 * a + b] += weight * j[a] * j[b];
      }
    }
    for (let a = 0; a < 6; a++) for (let b = 0; b < a; b++) matrix[6 * a + b] = matrix[6 * b + a];
    // the mean of those that count, so that points beyond the scan neither pull nor push
    return { matrix, side, about, cost: total > 0 ? cost / total : Infinity };
  }
}

/** Solves (M + damping * diag M) x = b by elimination; null where M has no such inverse. */
function solve(matrix: Float64Array, side: Float64Array, damping: number): Float64Array | null {
  const m = Float64Array.from(matrix);
  const b = Float64Array.from(side);
  for (let a = 0; a < 6; a++) m[7 * a] *= 1 + damping;
  for (let a = 0; a < 6; a++) {
    let pivot = a;
    for (let row = a + 1; row < 6; row++)
      if (Math.abs(m[6 * row + a]) > Math.abs(m[6 * pivot + a])) pivot = row;
    if (!(Math.abs(m[6 * pivot + a]) > 1e-12)) return null;
    for (let c = 0; c < 6; c++) [m[6 * a + c], m[6 * pivot + c]] = [m[6 * pivot + c], m[6 * a + c]];
    [b[a], b[pivot]] = [b[pivot], b[a]];
    for (let row = a + 1; row < 6; row++) {
      const f = m[6 * row + a] / m[7 * a];
      for (let c = a; c < 6; c++) m[6 * row + c] -= f * m[6 * a + c];
      b[row] -= f * b[a];
    }
  }
  for (let a = 5; a >= 0; a--) {
    for (let c = a + 1; c < 6; c++) b[a] -= m[6 * a + c] * b[c];
    b[a] /= m[7 * a];
  }
  return b;
}
