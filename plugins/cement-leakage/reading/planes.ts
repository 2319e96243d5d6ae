// Planes for the oblique layouts: along the sacrum from the patient's own canal, along a puncture path from the leak's voxels.
import type { ObliqueLayout, ProposedPlanes } from "#contract";
import { distance, dot, normalize, scale, subtract, type Vec3, type VoxelGrid } from "#core/space";
import type { RunMask } from "#voxels/mask";
import { unionAll } from "#voxels/set-operations";
import type { SacralPlanes } from "../engine/sacral-planes.ts";
import { lineToPoints } from "../engine/shape.ts";
import { trackAxis } from "../engine/track-axis.ts";
import type { RunCementJob } from "../jobs.ts";
import { leaksOf, type Part } from "../model/case-document.ts";
import type { Reading } from "./reading.ts";
import { AXIS, WHY } from "./words.ts";

type PlanesFor = (layout: ObliqueLayout) => Promise<ProposedPlanes | null>;

export interface Planes {
  readonly planesFor: PlanesFor;
  dispose(): void;
}

/** Nearer to each other two places tell no direction. */
const LEAST_NEEDLE_MM = 5;

const onPath = (part: Part): boolean =>
  ["puncture_path", "vertebral_puncture_path"].includes(part.leak?.site ?? part.proposed?.site ?? "");

export function createPlanes(reading: Reading): Planes {
  const { host } = reading;
  const run = host.jobs.run as RunCementJob; // ids and types of this plugin's own table
  let known: { readonly series: unknown; readonly planes: SacralPlanes } | null = null;

  async function sacral(): Promise<ProposedPlanes | null> {
    const { series, volume } = host.scene.get();
    if (!series || !volume) return null;
    if (known?.series !== series) {
      const masks = reading.document.get().parts.flatMap((part) => reading.maskOf(part.partId) ?? []);
      if (masks.length === 0) return null;
      const planes = await run("cement-leakage/sacral-planes", { cement: unionAll(volume.grid, masks) });
      if (!planes) return null;
      known = { series, planes };
    }
    const { axial, coronal, s1Mm } = known.planes;
    // A part that is being looked at stays in view; without one the layout begins at S1.
    return { planes: { axial, coronal }, at: reading.selected() ? null : s1Mm };
  }

  /** The selected part, else a leak along a puncture path, else the first leak. */
  function trackPart(): Part | null {
    const { parts } = reading.document.get();
    return reading.selected() ?? parts.find(onPath) ?? leaksOf(reading.document.get())[0] ?? null;
  }

  /** The needle of the report whose line passes nearest to a point of the part, where its places are known. */
  function needleOf(part: Part, point: Vec3 | null): { readonly axis: Vec3; readonly entryMm: Vec3 } | null {
    if (!point) return null;
    const placed = reading.document
      .get()
      .lesions.filter((lesion) => !part.lesionId || lesion.lesionId === part.lesionId)
      .flatMap((lesion) => lesion.needles ?? [])
      .flatMap(({ entryMm, targetMm }) => {
        if (!entryMm || !targetMm || distance(entryMm, targetMm) < LEAST_NEEDLE_MM) return [];
        const axis = normalize(subtract(entryMm, targetMm));
        return [{ axis, entryMm, offMm: lineToPoints(entryMm, axis, [point]) }];
      });
    return placed.sort((a, b) => a.offMm - b.offMm)[0] ?? null;
  }

  /** The cement inside bone that a leak came from; all of it where its lesion is open. */
  function castOf(leak: Part, grid: VoxelGrid): RunMask | null {
    const masks = reading.document
      .get()
      .parts.filter(
        ({ role, lesionId }) => role === "intraosseous" && (!leak.lesionId || lesionId === leak.lesionId),
      )
      .flatMap(({ partId }) => reading.maskOf(partId) ?? []);
    return masks.length > 0 ? unionAll(grid, masks) : null;
  }

  function track(): ProposedPlanes | null {
    const part = trackPart();
    const mask = part && reading.maskOf(part.partId);
    const { volume } = host.scene.get();
    if (!part || !mask || !volume) {
      host.notify(reading.say(WHY.nothingSelected), "warning");
      return null;
    }
    const needle = needleOf(part, reading.pointOf(part));
    if (needle) return { ...planesThrough(needle.axis), at: needle.entryMm, says: AXIS.needle };
    const { axis, entryMm, fitted } = trackAxis(mask, castOf(part, volume.grid), volume.grid, onPath(part));
    const at = fitted ? entryMm : reading.pointOf(part);
    return { ...planesThrough(axis), at, says: fitted ? AXIS.fitted : AXIS.own };
  }

  /** As soon as there is something proposed on a sacrum, the overview's coronal runs along it. Once a case, behind the reading. */
  let turnedFor: unknown = null;
  function turnOverview(): void {
    const { series } = host.scene.get();
    const { parts, lesions } = reading.document.get();
    const proposed = parts.some((part) => part.origin === "proposed" && reading.maskOf(part.partId));
    const sacrum = lesions.some((lesion) => lesion.bone === "sacrum");
    if (!series || !proposed || !sacrum || turnedFor === series || reading.state.get().busy !== null) return;
    turnedFor = series;
    sacral().then(
      (found) => {
        if (found?.planes.coronal && host.scene.get().series === series)
          host.view.setOverview({ coronal: found.planes.coronal });
      },
      // Nobody asked for it: the key of the sacral layout says what is wrong.
      () => undefined,
    );
  }
  const stops = [reading.document.subscribe(turnOverview), reading.state.subscribe(turnOverview)];

  return {
    planesFor: async (layout) => (layout === "sacral" ? sacral() : track()),
    dispose: () => stops.forEach((stop) => stop()),
  };
}

/**
 * Normals of the two planes that hold an axis and of the one across it: the plane whose normal lies nearest to the axis is turned across
 * it, the other two just as far as the axis needs to lie in them. Patient axes; exported for tests.
 */
export function planesThrough(axis: Vec3): Pick<ProposedPlanes, "planes" | "across"> {
  const usual = { axial: [0, 0, -1], sagittal: [-1, 0, 0], coronal: [0, 1, 0] } as const;
  const names = ["axial", "sagittal", "coronal"] as const;
  const along = (name: (typeof names)[number]) => dot(usual[name], axis);
  const across = names.reduce((best, name) => (Math.abs(along(name)) > Math.abs(along(best)) ? name : best));
  const turnedBy = (normal: Vec3): Vec3 => {
    const n = dot(normal, axis);
    const size = Math.sqrt(Math.max(1e-9, 1 - n * n));
    return [
      (normal[0] - n * axis[0]) / size,
      (normal[1] - n * axis[1]) / size,
      (normal[2] - n * axis[2]) / size,
    ];
  };
  const of = (name: (typeof names)[number]): Vec3 =>
    name === across ? scale(axis, Math.sign(along(name)) || 1) : turnedBy(usual[name]);
  return { planes: { axial: of("axial"), sagittal: of("sagittal"), coronal: of("coronal") }, across };
}
