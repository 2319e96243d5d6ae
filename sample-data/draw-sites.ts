// Drawings for the help pages of the leak sites, made from the phantom: bone outlined in one plane, the leak laid over it.
// `tsx sample-data/draw-sites.ts` writes them into the plugin; a test holds what is written to what the phantom gives.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { RunMask } from "#voxels/mask";
import { makePhantom, type Phantom } from "./make-phantom.ts";
import { outlinePath, type PlaneValues } from "./outlines.ts";
import type { PhantomCase } from "./phantom-options.ts";

const WRITTEN = join(import.meta.dirname, "..", "plugins/cement-leakage/panels/site-drawings.ts");

/** Half the blur's width between marrow of the drawings' bone and soft tissue. */
const BONE_HU = 190;
const WIDE_MM = 132;
const TALL_MM = 92;

interface Wish {
  readonly name: string;
  readonly of: PhantomCase;
  readonly site: string;
  readonly plane: "axial" | "sagittal";
}

/** Patient y (mm) in the middle of an axial drawing. */
const MIDDLE_Y_MM: Partial<Record<PhantomCase, number>> = { default: 26, vertebral: -8 };

const WISHES: readonly Wish[] = [
  { name: "sacral_venous_plexus", of: "default", site: "sacral_venous_plexus", plane: "axial" },
  { name: "puncture_path", of: "default", site: "puncture_path", plane: "axial" },
  { name: "anterior_epidural_space", of: "default", site: "anterior_epidural_space", plane: "axial" },
  { name: "anterior_sacral_space", of: "default", site: "anterior_sacral_space", plane: "axial" },
  { name: "intervertebral_disc", of: "vertebral", site: "intervertebral_disc", plane: "sagittal" },
  { name: "spinal_epidural_space", of: "vertebral", site: "spinal_epidural_space", plane: "axial" },
  { name: "paravertebral_vein", of: "vertebral", site: "paravertebral_vein", plane: "axial" },
  { name: "prevertebral_vein", of: "vertebral", site: "prevertebral_vein", plane: "axial" },
  { name: "vertebral_puncture_path", of: "vertebral", site: "vertebral_puncture_path", plane: "axial" },
];

/** Paths in mm from the upper left corner; the plane's horizontal runs to the patient's left (axial) or back (sagittal). */
export interface SiteDrawing {
  readonly bone: string;
  readonly leak: string;
  readonly plane: Wish["plane"];
}

const has = (mask: RunMask, i: number, row: number): boolean => {
  for (let n = mask.rowStart[row]; n < mask.rowStart[row + 1]; n++)
    if (i >= mask.start[n] && i < mask.end[n]) return true;
  return false;
};

function draw({ volume, truth, masks }: Phantom, { site, plane, of }: Wish): SiteDrawing {
  const leak = truth.leaks.find((entry) => entry.site === site);
  const mask = leak && masks.leaks.get(leak.leakId);
  if (!leak || !mask) throw new Error(`the phantom has no leak at ${site}`);
  const { grid, hu } = volume;
  const stepMm = grid.columnSpacingMm;
  const [x0, y0, z0] = grid.slicePositions[0];
  const upwards = Math.sign(grid.slicePositions[1][2] - z0);
  const sliceMm = Math.abs(grid.slicePositions[1][2] - z0);
  const [x, y, z] = leak.centroidMm;
  const columns = Math.round(WIDE_MM / stepMm);
  const rows = Math.round(TALL_MM / stepMm);
  const bone = new Float64Array(columns * rows);
  const shadow = new Float64Array(columns * rows);
  const slice = Math.round((upwards * (z - z0)) / sliceMm);
  const column = Math.round((x - x0) / stepMm);
  for (let v = 0; v < rows; v++)
    for (let u = 0; u < columns; u++) {
      const n = v * columns + u;
      const across = (u - columns / 2) * stepMm;
      const down = (v - rows / 2) * stepMm;
      if (plane === "axial") {
        // Around the midline, so that both sides are seen.
        const i = Math.round((across - x0) / stepMm);
        const j = Math.round(((MIDDLE_Y_MM[of] ?? 0) + down - y0) / stepMm);
        bone[n] = hu[(slice * grid.rows + j) * grid.columns + i];
        for (let k = 0; k < grid.slices && shadow[n] === 0; k++)
          if (has(mask, i, k * grid.rows + j)) shadow[n] = 1;
      } else {
        const j = Math.round((y + across - y0) / stepMm);
        const k = Math.round((upwards * (z - down - z0)) / sliceMm);
        if (k < 0 || k >= grid.slices) {
          bone[n] = -1000;
          continue;
        }
        bone[n] = hu[(k * grid.rows + j) * grid.columns + column];
        for (let i = 0; i < grid.columns && shadow[n] === 0; i++)
          if (has(mask, i, k * grid.rows + j)) shadow[n] = 1;
      }
    }
  const shown = (values: Float64Array): PlaneValues => ({ values, columns, rows, stepMm });
  return {
    plane,
    bone: outlinePath(shown(bone), BONE_HU, 0.6),
    leak: outlinePath(shown(shadow), 0.5, 0.4),
  };
}

/** The drawings by site, from phantoms without noise. */
export function siteDrawings(): Record<string, SiteDrawing> {
  const made = new Map<PhantomCase, Phantom>();
  const phantomOf = (of: PhantomCase): Phantom => {
    const known = made.get(of) ?? makePhantom({ case: of, noiseHu: 0, columns: 256 }, 0.5);
    made.set(of, known);
    return known;
  };
  return Object.fromEntries(WISHES.map((wish) => [wish.name, draw(phantomOf(wish.of), wish)]));
}

/** The plugin's file with these drawings. */
export function drawingsFile(drawings: Record<string, SiteDrawing>): string {
  const entries = Object.entries(drawings).map(
    ([name, { plane, bone, leak }]) =>
      `  ${name}: {\n    plane: "${plane}",\n    bone: "${bone}",\n    leak: "${leak}",\n  },\n`,
  );
  return `// Drawings of the leak sites, made from the phantom by sample-data/draw-sites.ts; not edited by hand. Paths in mm.

/** The frame of every drawing. */
export const DRAWING_MM = { wide: ${WIDE_MM}, tall: ${TALL_MM} } as const;

export interface SiteDrawing {
  readonly plane: "axial" | "sagittal";
  readonly bone: string;
  readonly leak: string;
}

export const SITE_DRAWINGS: Readonly<Record<string, SiteDrawing>> = {
${entries.join("")}};
`;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  await writeFile(WRITTEN, drawingsFile(siteDrawings()));
