// What the functional groups of a multi-frame CT say of each frame (PS3.3 C.7.6.16, A.38, A.70), and a header for each frame.
import type { FrameAttributes, InstanceHeader } from "./instance-header.ts";
import type { Vec3 } from "#core/space";
import type { Item } from "./nested-items.ts";

const SHARED_GROUPS = "x52009229";
const PER_FRAME_GROUPS = "x52009230";

/** Finds the first item of a functional group macro by its sequence tag: the frame's own before the shared one. */
type Macro = (sequenceTag: string) => Item | null;

/**
 * Attributes of every frame in file order; null where the object has no functional groups. One entry for each item that the file
 * holds, whatever Number of Frames claims. Nothing stands in for a macro that is missing: its values are null.
 */
export function readFrames(root: Item): readonly FrameAttributes[] | null {
  if (!root.has(SHARED_GROUPS) && !root.has(PER_FRAME_GROUPS)) return null;
  const shared = root.first(SHARED_GROUPS);
  return root
    .items(PER_FRAME_GROUPS)
    .map((own) => frameAttributes((tag) => own.first(tag) ?? shared?.first(tag) ?? null, root));
}

function frameAttributes(macro: Macro, root: Item): FrameAttributes {
  const content = macro("x00209111");
  const orientation = macro("x00209116")?.numbers("x00200037", 6) ?? null;
  const measures = macro("x00289110");
  const spacing = measures?.numbers("x00280030", 2) ?? null;
  const values = macro("x00289145");
  // A legacy conversion keeps what has no macro of its own as it stood (PS3.3 C.7.6.25, C.7.6.26).
  const elsewhere = [macro("x00209171"), macro("x00209170"), root];
  const holder = (sequenceTag: string, tag: string): Item | null =>
    [macro(sequenceTag), ...elsewhere].find((item) => item?.has(tag)) ?? null;
  const frameType = (macro("x00189329") ?? macro("x00189504"))?.strings("x00089007") ?? [];
  return {
    stackId: content?.text("x00209056") ?? "",
    temporalPosition: content?.uint32("x00209128") ?? null,
    acquisitionNumber: String(content?.uint16("x00209156") ?? ""),
    imageType: frameType.length > 0 ? frameType : root.strings("x00080008"),
    position: vec3(macro("x00209113")?.numbers("x00200032", 3) ?? null),
    rowDirection: vec3(orientation),
    columnDirection: vec3(orientation?.slice(3) ?? null),
    rowSpacingMm: spacing?.[0] ?? null,
    columnSpacingMm: spacing?.[1] ?? null,
    sliceThicknessMm: measures?.number("x00180050") ?? null,
    rescaleSlope: values?.number("x00281053") ?? null,
    rescaleIntercept: values?.number("x00281052") ?? null,
    rescaleType: (values?.string("x00281054") ?? "").toUpperCase(),
    convolutionKernel: holder("x00189314", "x00181210")?.strings("x00181210").join(" ") ?? "",
    kvp: holder("x00189325", "x00180060")?.number("x00180060") ?? null,
  };
}

const vec3 = (values: readonly number[] | null): Vec3 | null =>
  values ? [values[0], values[1], values[2]] : null;

/**
 * A header for each frame, as if it were an instance of its own: "name #3" for the third, with its share of the file's size.
 * The header itself where it has no functional groups.
 */
export function frameHeaders(header: InstanceHeader): readonly InstanceHeader[] {
  const { frames } = header;
  if (!frames) return [header];
  return frames.map((attributes, n) => {
    const { stackId, temporalPosition, rescaleSlope, rescaleIntercept, rescaleType, ...own } = attributes;
    return {
      ...header,
      ...own,
      fileName: frames.length > 1 ? `${header.fileName} #${n + 1}` : header.fileName,
      fileSizeBytes: header.fileSizeBytes / frames.length,
      format: { ...header.format, rescaleSlope, rescaleIntercept, rescaleType },
      frames: null,
      frame: { number: n + 1, stackId, temporalPosition, file: header },
    };
  });
}
