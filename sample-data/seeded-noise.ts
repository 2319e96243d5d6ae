// Repeatable randomness of the phantom: seeded numbers, and smooth noise in space for textures and rough surfaces.

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(choices: readonly T[]): T;
}

/** FNV-1a of a text, so that every part of the phantom draws from a stream of its own. */
export function hash32(text: string): number {
  let h = 0x811c9dc5;
  for (let n = 0; n < text.length; n++) h = Math.imul(h ^ text.charCodeAt(n), 0x01000193);
  return h >>> 0;
}

/** The mulberry32 generator (public domain); the same seed and stream give the same numbers on every machine. */
export function seededRandom(seed: number, stream: string): Random {
  let state = hash32(`${seed}/${stream}`);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    chance: (probability) => next() < probability,
    pick: (choices) => choices[Math.floor(next() * choices.length)],
  };
}

/** Smooth noise, about -1 to 1, at a point given in multiples of its grain (divide mm by the grain in mm). */
export type Noise = (x: number, y: number, z: number) => number;

const PERIOD = 32;

/** Value noise on a lattice that repeats every 32 grains. */
export function noiseField(seed: number, stream: string): Noise {
  const random = seededRandom(seed, `noise/${stream}`);
  const lattice = new Float32Array(PERIOD ** 3);
  for (let n = 0; n < lattice.length; n++) lattice[n] = random.next() * 2 - 1;
  const wrap = PERIOD - 1;
  // a multiple of the period that makes every coordinate positive, so that cutting off decimals rounds down
  const shift = PERIOD * 128;
  return (x, y, z) => {
    const xs = x + shift;
    const ys = y + shift;
    const zs = z + shift;
    const xf = xs | 0;
    const yf = ys | 0;
    const zf = zs | 0;
    let u = xs - xf;
    let v = ys - yf;
    let w = zs - zf;
    u = u * u * (3 - 2 * u);
    v = v * v * (3 - 2 * v);
    w = w * w * (3 - 2 * w);
    const x0 = xf & wrap;
    const x1 = (xf + 1) & wrap;
    const y0 = (yf & wrap) << 5;
    const y1 = ((yf + 1) & wrap) << 5;
    const z0 = (zf & wrap) << 10;
    const z1 = ((zf + 1) & wrap) << 10;
    const a = lattice[z0 + y0 + x0] * (1 - u) + lattice[z0 + y0 + x1] * u;
    const b = lattice[z0 + y1 + x0] * (1 - u) + lattice[z0 + y1 + x1] * u;
    const c = lattice[z1 + y0 + x0] * (1 - u) + lattice[z1 + y0 + x1] * u;
    const d = lattice[z1 + y1 + x0] * (1 - u) + lattice[z1 + y1 + x1] * u;
    return (a * (1 - v) + b * v) * (1 - w) + (c * (1 - v) + d * v) * w;
  };
}
