// What bone looks like inside: a cortex of varying thickness round trabecular bone with its own grain, end plates, the void of the ala.
import { COCCYX_TIP_MM } from "./anatomy.ts";
import type { Sacrum } from "./anatomy.ts";
import { disc, femora, iliacBones, vertebra, vertebraTopMm, VERTEBRA_HEIGHT_MM } from "./pelvis.ts";
import type { Layer } from "./render.ts";
import { noiseField } from "./seeded-noise.ts";
import { clamp, smoothMax } from "./shapes.ts";
import type { Box, Distance } from "./shapes.ts";

/** Bones of the field of view as distances, and the layers that paint them. */
export interface Skeleton {
  readonly iliac: Distance;
  readonly vertebrae: ReadonlyMap<number, Distance>;
  /** L5. */
  readonly lowestVertebra: Distance;
  readonly layers: readonly Layer[];
}

export const SACRUM_BOX: Box = { min: [-75, -45, -150], max: [75, 125, 20] };

export function makeSkeleton(seed: number, sacrum: Sacrum, lumbarLevels: readonly number[]): Skeleton {
  const { parameters, frame, rough } = sacrum;
  const grain = noiseField(seed, "trabeculae");
  const bone = (trabecular: Distance, cortexScale = 1): Layer["hu"] => {
    const thickness = parameters.cortexMm * cortexScale;
    const edge = 0.8;
    return (x, y, z, d) => {
      const cortex = thickness * (1 + 0.4 * rough(x / 7 + 3, y / 7, z / 7));
      const share = clamp(0.5 + (d + cortex) / edge, 0, 1);
      if (share >= 1) return parameters.cortexHu;
      const inner =
        trabecular(x, y, z) +
        (20 + parameters.trabecularHu * 0.45) * grain(x / 1.7, y / 1.7, z / 1.9) +
        25 * grain(x / 5, y / 5, z / 5 + 7) +
        // denser under the cortex
        110 * Math.exp((d + cortex) / 2.2);
      return inner + share * (parameters.cortexHu - inner);
    };
  };
  const base = parameters.trabecularHu;
  const inSacrum: Distance = (x, y, z) => {
    const s = frame.s(y, z);
    const v = frame.v(y, z);
    const ax = Math.abs(x);
    const inBody = clamp((sacrum.bodyHalfWidthMm(s) - ax) / 4, 0, 1) * clamp((v + 1) / 2, 0, 1);
    let hu = base * (0.72 + 0.45 * inBody);
    // the fatty void of the ala
    hu -= 0.75 * base * Math.exp(-(((ax - 33) / 9) ** 2 + ((v - 3) / 9) ** 2 + ((s - 16) / 13) ** 2));
    if (inBody > 0) {
      hu += 260 * inBody * clamp(1.6 - Math.abs(s - 1.6), 0, 1);
      for (let level = 1; level <= 3; level++) {
        const off = Math.abs(s - sacrum.segmentEndMm(level));
        if (off > 4) continue;
        // remnant of the disc between two plates
        const remnant = off < 1.4 ? 70 - hu : 300 * clamp(1.3 - Math.abs(off - 2.4), 0, 1);
        hu += remnant * inBody * (level === 1 ? 1 : 0.7) * (s < COCCYX_TIP_MM ? 1 : 0);
      }
    }
    return hu;
  };
  const iliac = iliacBones(sacrum);
  const vertebrae = new Map(lumbarLevels.map((level) => [level, vertebra(sacrum, level)] as const));
  const layers: Layer[] = [];
  for (const level of lumbarLevels) {
    const top = vertebraTopMm(level);
    const box = boxAlong(sacrum, top - 14, top + 62);
    layers.push({
      distance: disc(sacrum, level),
      hu: (x, y, z) => 82 + 14 * grain(x / 3, y / 3, z / 3),
      box: boxAlong(sacrum, top + VERTEBRA_HEIGHT_MM - 3, top + VERTEBRA_HEIGHT_MM + 15),
    });
    const distance = vertebrae.get(level);
    if (distance) layers.push({ distance, hu: bone(() => base * 0.95, 0.75), box });
  }
  // joint cartilage and ligament between sacrum and ilium
  const joint: Distance = (x, y, z) =>
    smoothMax(smoothMax(sacrum.outer(x, y, z) - 4.5, iliac(x, y, z) - 4.5, 2), 30 - Math.abs(x), 1);
  layers.push(
    { distance: joint, hu: (x, y, z) => 50 + 18 * grain(x / 2, y / 2, z / 2), box: SACRUM_BOX },
    {
      distance: iliac,
      hu: bone(() => base * 0.8, 1.15),
      box: { min: [-160, -90, -400], max: [160, 125, 66] },
    },
    {
      distance: femora(sacrum),
      hu: bone(() => base * 1.7 + 40, 0.9),
      box: { min: [-165, -60, -400], max: [165, 60, -95] },
    },
    { distance: sacrum.bone, hu: bone(inSacrum), box: SACRUM_BOX },
  );
  return { iliac, vertebrae, lowestVertebra: vertebrae.get(5) ?? vertebra(sacrum, 5), layers };
}

/** A box round the spine between two s. */
export function boxAlong(sacrum: Sacrum, fromS: number, toS: number): Box {
  const corners = [fromS, toS].flatMap((s) => [-75, 60].map((v) => sacrum.frame.patientFromSacral(0, v, s)));
  const y = corners.map((c) => c[1]);
  const z = corners.map((c) => c[2]);
  return {
    min: [-60, Math.min(...y), Math.min(...z)],
    max: [60, Math.max(...y), Math.max(...z)],
  };
}
