// Reads a DICOM Segmentation onto the open CT: BINARY, FRACTIONAL and LABELMAP, voxels placed by their position in the patient.
import type { CodedConcept } from "#core/coded-concept";
import { type Problem, type Result, fail, ok, problem } from "#core/problem";
import type { SegmentDescription } from "#core/segmentation-document";
import { type Vec3, spacingMm } from "#core/space";
import type { SeriesContext } from "#core/study";
import { type RunMask, isEmpty } from "#voxels/mask";
import { resampleMask } from "#voxels/resample-mask";
import { hexFromCielab } from "./cielab-color.ts";
import { LABEL_MAP_SEGMENTATION_STORAGE, SEGMENTATION_STORAGE } from "./derived-instance.ts";
import { type FramePlacement, type FramePlane, onSlice, placeFrame } from "./frame-placement.ts";
import { type Item, readWholeObject } from "./nested-items.ts";
import { type PlacedFrame, masksOfBinaryFrames, masksOfLabelFrames } from "./segment-frames.ts";
import { type PixelForm, pixelForm } from "./segment-pixels.ts";
import { segmentationStack } from "./segmentation-grid.ts";

export interface DecodedSegment {
  readonly description: SegmentDescription;
  /** On the grid of the open series. */
  readonly mask: RunMask;
}

export interface DecodedSegmentation {
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly referencedSeriesInstanceUid: string;
  readonly segments: readonly DecodedSegment[];
}

/**
 * All segments of a SEG file, in file order, on `context.grid`. Nothing is resampled: a frame that has no voxels of its own on this
 * grid refuses the whole object ("seg/other-grid", with frame, place and mm). Other refusals: read/not-dicom, read/truncated,
 * seg/not-a-segmentation, seg/of-a-slide, seg/compressed, seg/other-study, seg/other-frame-of-reference, seg/outside-volume,
 * seg/malformed, seg/undescribed-segment. Warnings travel with the result (seg/other-series, seg/fractional).
 */
export function readSegmentation(bytes: Uint8Array, context: SeriesContext): Result<DecodedSegmentation> {
  const whole = readWholeObject(bytes);
  if (!whole.ok) return whole;
  const { root } = whole.value;
  const refusal = refusalOf(root, context);
  if (refusal) return fail(refusal);
  const form = pixelForm(whole.value);
  if (!form.ok) return form;
  const placed = placedFrames(root, form.value, context);
  if (!placed.ok) return placed;
  const paddingValue = root.uint16("x00280120") ?? 0;
  // Label maps may describe their background: number 0, or the padding value (PS3.3 C.8.20.2).
  const isBackground = (number: number) =>
    form.value.type === "LABELMAP" && (number === 0 || number === paddingValue);
  const descriptions = root
    .items("x00620002")
    .map(segmentDescription)
    .filter(({ number }) => !isBackground(number));
  const numbers = descriptions.map((description) => description.number);
  const frames = { ...form.value, frames: placed.value };
  const masks =
    form.value.type === "BINARY"
      ? masksOfBinaryFrames(frames, context.grid, numbers)
      : masksOfLabelFrames(frames, context.grid, numbers, paddingValue);
  if (!masks.ok) return masks;
  const referencedSeriesInstanceUid = root.first("x00081115")?.string("x0020000e") ?? "";
  const warnings =
    referencedSeriesInstanceUid !== "" && referencedSeriesInstanceUid !== context.seriesInstanceUid
      ? [problem("seg/other-series", { referencedSeriesInstanceUid }, "warning")]
      : [];
  if (form.value.halved)
    warnings.push(problem("seg/fractional", { label: root.text("x0008103e") }, "warning"));
  return ok(
    {
      sopInstanceUid: root.string("x00080018"),
      seriesInstanceUid: root.string("x0020000e"),
      referencedSeriesInstanceUid,
      segments: descriptions.flatMap((description) => {
        const mask = masks.value.get(description.number);
        return mask ? [{ description, mask }] : [];
      }),
    },
    warnings,
  );
}

const OTHER_STACK: ReadonlySet<string> = new Set(["seg/other-grid", "seg/outside-volume"]);

/**
 * As `readSegmentation`; one that was drawn on other slices of the same frame of reference is laid over this CT by its position in
 * the patient, nearest voxel, with a warning ("seg/resampled"). Where its frames make no even stack, the refusal stays.
 */
export function readSegmentationOnto(bytes: Uint8Array, context: SeriesContext): Result<DecodedSegmentation> {
  const own = readSegmentation(bytes, context);
  if (own.ok || !OTHER_STACK.has(own.problem.code)) return own;
  const stack = segmentationStack(bytes);
  if (!stack || stack.frameOfReferenceUid === "" || stack.frameOfReferenceUid !== context.frameOfReferenceUid)
    return own;
  const { grid } = stack;
  const there = readSegmentation(bytes, { ...context, grid, instances: [] });
  if (!there.ok) return own;
  const segments = there.value.segments.map(({ description, mask }) => ({
    description,
    mask: resampleMask(mask, grid, context.grid),
  }));
  if (segments.every(({ mask }) => isEmpty(mask))) return own;
  const [x, y, z] = spacingMm(grid).map((mm) => Number(mm.toFixed(2)));
  const told = problem(
    "seg/resampled",
    { columns: grid.columns, rows: grid.rows, slices: grid.slices, xMm: x, yMm: y, zMm: z },
    "warning",
  );
  return ok({ ...there.value, segments }, [...there.problems, told]);
}

/** Why this object can't be used with this CT at all; null when it can. */
function refusalOf(root: Item, context: SeriesContext): Problem | null {
  const sopClassUid = root.string("x00080016");
  if (sopClassUid !== SEGMENTATION_STORAGE && sopClassUid !== LABEL_MAP_SEGMENTATION_STORAGE)
    return problem("seg/not-a-segmentation", { sopClassUid });
  // Total Pixel Matrix Columns: tiles of a slide (PS3.3 C.7.6.17.3).
  if (root.has("x00480006")) return problem("seg/of-a-slide", { label: root.text("x0008103e") });
  const studyInstanceUid = root.string("x0020000d");
  if (studyInstanceUid !== context.study.studyInstanceUid)
    return problem("seg/other-study", { label: root.text("x0008103e"), studyInstanceUid });
  const frameOfReferenceUid = root.string("x00200052");
  if (frameOfReferenceUid !== "" && frameOfReferenceUid !== context.frameOfReferenceUid)
    return problem("seg/other-frame-of-reference", { label: root.text("x0008103e"), frameOfReferenceUid });
  return null;
}

/** Every frame with its segment (BINARY) and its place on the grid, in file order. */
function placedFrames(root: Item, form: PixelForm, context: SeriesContext): Result<readonly PlacedFrame[]> {
  const shared = root.first("x52009229");
  const perFrame = root.items("x52009230");
  if (perFrame.length !== form.frameCount)
    return fail(
      problem("seg/malformed", {
        what: "Per-frame Functional Groups",
        found: perFrame.length,
        expected: form.frameCount,
      }),
    );
  const slices = new Map(
    context.instances.map(({ sopInstanceUid, frameNumber }, k) => [
      sourceKey(sopInstanceUid, frameNumber ?? null),
      k,
    ]),
  );
  const frames: PlacedFrame[] = [];
  for (const [index, group] of perFrame.entries()) {
    const macro = (tag: string): Item | null => group.first(tag) ?? shared?.first(tag) ?? null;
    const placement = placementOf(macro, form, context, slices, index + 1);
    if (!placement.ok) return placement;
    const segmentNumber = macro("x0062000a")?.uint16("x0062000b") ?? null;
    if (form.type === "BINARY" && segmentNumber === null)
      return fail(problem("seg/malformed", { what: "Segment Identification", frame: index + 1 }));
    frames.push({ index, segmentNumber: segmentNumber ?? 0, placement: placement.value });
  }
  return ok(frames);
}

function placementOf(
  macro: (tag: string) => Item | null,
  form: PixelForm,
  context: SeriesContext,
  slices: ReadonlyMap<string, number>,
  frameNumber: number,
): Result<FramePlacement> {
  const position = macro("x00209113")?.numbers("x00200032", 3);
  const orientation = macro("x00209116")?.numbers("x00200037", 6);
  const spacing = macro("x00289110")?.numbers("x00280030", 2);
  if (position && orientation && spacing) {
    const plane: FramePlane = {
      position: vector(position, 0),
      rowDirection: vector(orientation, 0),
      columnDirection: vector(orientation, 3),
      rowSpacingMm: spacing[0],
      columnSpacingMm: spacing[1],
      rows: form.rows,
      columns: form.columns,
    };
    const outcome = placeFrame(context.grid, plane, frameNumber);
    return outcome.ok ? ok(outcome.placement) : fail(outcome.problem);
  }
  // Without a frame of reference, frames correspond pixel for pixel to their source image (PS3.3 A.51.5.1).
  const sources = macro("x00089124")?.items("x00082112") ?? [];
  const k = sources
    .map((source) => slices.get(sourceKey(source.string("x00081155"), source.number("x00081160"))))
    .find((slice) => slice !== undefined);
  if (k !== undefined && form.rows === context.grid.rows && form.columns === context.grid.columns)
    return ok(onSlice(k));
  return fail(problem("seg/no-position", { frame: frameNumber }));
}

/** An instance, or a frame of a multi-frame one. */
const sourceKey = (sopInstanceUid: string, frameNumber: number | null): string =>
  `${sopInstanceUid} ${frameNumber ?? 1}`;

const vector = (values: readonly number[], at: number): Vec3 => [values[at], values[at + 1], values[at + 2]];

const UNKNOWN_CODE: CodedConcept = { value: "", scheme: "", meaning: "" };

function segmentDescription(item: Item): SegmentDescription {
  const algorithm = item.first("x00620007");
  const type = item.first("x0062000f");
  const region = item.first("x00082218");
  const algorithmType = item.string("x00620008");
  const lab = item.uint16s("x0062000d");
  const number = item.uint16("x00620004") ?? 0;
  return {
    number,
    label: item.text("x00620005"),
    description: item.text("x00620006"),
    algorithmType:
      algorithmType === "AUTOMATIC" || algorithmType === "SEMIAUTOMATIC" ? algorithmType : "MANUAL",
    algorithmName: item.text("x00620009") || (algorithm?.text("x00660036") ?? ""),
    algorithmVersion: algorithm?.text("x00660031") ?? "",
    propertyCategory: item.code("x00620003") ?? UNKNOWN_CODE,
    propertyType: type?.asCode() ?? UNKNOWN_CODE,
    propertyTypeModifiers: type?.codes("x00620011") ?? [],
    anatomicRegion: region?.asCode() ?? null,
    anatomicRegionModifiers: region?.codes("x00082220") ?? [],
    trackingId: item.text("x00620020"),
    trackingUid: item.string("x00620021"),
    displayColor: lab.length === 3 ? hexFromCielab([lab[0], lab[1], lab[2]]) : "",
  };
}
