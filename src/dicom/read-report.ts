// Reads a structured report back into the neutral content tree; what is not understood is counted, not hidden.
import { type Problem, type Result, fail, ok, problem } from "#core/problem";
import type { CodedConcept } from "#core/coded-concept";
import {
  EMBEDDED_GROUP,
  type ContentItem,
  type EmbeddedText,
  type Evidence,
  type Relationship,
  type ReportDocument,
} from "#core/report-document";
import type { Vec3 } from "#core/space";
import type { InstanceReference } from "#core/study";
import { type Item, readWholeObject } from "./nested-items.ts";

export interface DecodedReport extends Pick<
  ReportDocument,
  "completion" | "predecessors" | "evidence" | "title" | "templateId" | "content"
> {
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly studyInstanceUid: string;
  readonly patientId: string;
  readonly verified: boolean;
  /** DT-like text of Content Date and Time ("20261121 183400"); empty where absent. */
  readonly contentDateTime: string;
  /** Who made it: Manufacturer and Model Name. */
  readonly madeBy: string;
  readonly embedded: readonly EmbeddedText[];
}

const RELATIONSHIPS: readonly Relationship[] = [
  "CONTAINS",
  "HAS OBS CONTEXT",
  "HAS ACQ CONTEXT",
  "HAS CONCEPT MOD",
  "HAS PROPERTIES",
  "INFERRED FROM",
  "SELECTED FROM",
];

/**
 * The tree of any SR document. Items of a kind that this project does not use (dates, coordinates, waveforms, by-reference) are left
 * out with everything below them, each kind named in one warning ("sr/not-understood"). Problems: read/not-dicom, read/truncated,
 * sr/not-a-report.
 */
export function readReport(bytes: Uint8Array): Result<DecodedReport> {
  const whole = readWholeObject(bytes);
  if (!whole.ok) return whole;
  const { root } = whole.value;
  const sopClassUid = root.string("x00080016");
  const title = root.code("x0040a043");
  if (!sopClassUid.startsWith("1.2.840.10008.5.1.4.1.1.88.") || !title)
    return fail(problem("sr/not-a-report", { sopClassUid }));
  const leftOut = new Map<string, number>();
  const content = contentOf(root, leftOut);
  const warnings = [...leftOut].map(([kind, count]): Problem =>
    problem("sr/not-understood", { kind, count }, "warning"),
  );
  return ok(
    {
      sopInstanceUid: root.string("x00080018"),
      seriesInstanceUid: root.string("x0020000e"),
      studyInstanceUid: root.string("x0020000d"),
      patientId: root.text("x00100020"),
      completion: root.string("x0040a491") === "COMPLETE" ? "COMPLETE" : "PARTIAL",
      verified: root.string("x0040a493") === "VERIFIED",
      predecessors: evidenceOf(root.items("x0040a360")),
      evidence: evidenceOf([...root.items("x0040a375"), ...root.items("x0040a385")]),
      title,
      templateId: root.first("x0040a504")?.string("x0040db00") ?? "",
      content,
      contentDateTime: `${root.string("x00080023")} ${root.string("x00080033")}`.trim(),
      madeBy: [root.text("x00080070"), root.text("x00081090")].filter((name) => name !== "").join(" "),
      embedded: embeddedTexts(root),
    },
    warnings,
  );
}

/** First element of each private block of the group; a block may have been moved when the object was copied (PS3.5 7.8.1). */
function embeddedTexts(root: Item): EmbeddedText[] {
  return Array.from({ length: 16 }, (_, n) => (0x10 + n).toString(16)).flatMap((block) => {
    const creator = root.text(`x${EMBEDDED_GROUP}00${block}`);
    const text = root.text(`x${EMBEDDED_GROUP}${block}01`);
    return creator !== "" && text !== "" ? [{ creator, text }] : [];
  });
}

function contentOf(parent: Item, leftOut: Map<string, number>): ContentItem[] {
  return parent.items("x0040a730").flatMap((item) => {
    const read = contentItem(item, leftOut);
    if (read) return [read];
    const kind = item.has("x0040db73") ? "by reference" : item.string("x0040a040") || "unnamed";
    leftOut.set(kind, (leftOut.get(kind) ?? 0) + 1);
    return [];
  });
}

function contentItem(item: Item, leftOut: Map<string, number>): ContentItem | null {
  const relationship = RELATIONSHIPS.find((known) => known === item.string("x0040a010"));
  const value = valueOf(item);
  if (!relationship || !value) return null;
  const children = contentOf(item, leftOut);
  const base = {
    relationship,
    concept: item.code("x0040a043"),
    ...(children.length > 0 ? { children } : {}),
  };
  return { ...base, ...value };
}

type Value = ContentItem extends infer One
  ? One extends ContentItem
    ? Omit<One, "relationship" | "concept" | "children">
    : never
  : never;

function valueOf(item: Item): Value | null {
  const type = item.string("x0040a040");
  switch (type) {
    case "CONTAINER": {
      const templateId = item.first("x0040a504")?.string("x0040db00");
      return { type, ...(templateId ? { templateId } : {}) };
    }
    case "CODE": {
      const code = item.code("x0040a168");
      return code && { type, code };
    }
    case "TEXT":
      return { type, text: item.text("x0040a160") };
    case "NUM":
      return numberOf(item);
    case "UIDREF":
      return { type, uid: item.string("x0040a124") };
    case "PNAME":
      return { type, name: item.text("x0040a123") };
    case "SCOORD3D": {
      const graphicType = item.string("x00700023");
      const values = item.floats("x00700022");
      if (graphicType !== "POINT" && graphicType !== "POLYLINE" && graphicType !== "ELLIPSE") return null;
      if (values.length % 3 !== 0) return null;
      const points = Array.from({ length: values.length / 3 }, (_, n): Vec3 => [
        values[3 * n],
        values[3 * n + 1],
        values[3 * n + 2],
      ]);
      return { type, graphicType, points, frameOfReferenceUid: item.string("x30060024") };
    }
    case "COMPOSITE": {
      const reference = item.first("x00081199");
      return reference && { type, reference: instanceOf(reference) };
    }
    case "IMAGE": {
      const reference = item.first("x00081199");
      const segmentNumber = reference?.uint16("x0062000b") ?? null;
      return (
        reference && {
          type,
          reference: instanceOf(reference),
          ...(segmentNumber === null ? {} : { segmentNumber }),
        }
      );
    }
    default:
      return null;
  }
}

/** The value with as many decimals as were written, so that writing it again gives the same text. */
function numberOf(item: Item): Value | null {
  const measured = item.first("x0040a300");
  const text = measured?.string("x0040a30a") ?? "";
  const unit: CodedConcept | null = measured?.code("x004008ea") ?? null;
  const value = Number(text);
  if (text === "" || !Number.isFinite(value) || !unit) return null;
  const decimals = /^[+-]?\d*\.(\d*)$/.exec(text)?.[1].length ?? 0;
  return { type: "NUM", value, decimals, unit };
}

const instanceOf = (item: Item): InstanceReference => ({
  sopClassUid: item.string("x00081150"),
  sopInstanceUid: item.string("x00081155"),
});

function evidenceOf(studies: readonly Item[]): Evidence[] {
  return studies.flatMap((study) =>
    study.items("x00081115").map((series) => ({
      studyInstanceUid: study.string("x0020000d"),
      seriesInstanceUid: series.string("x0020000e"),
      instances: series.items("x00081199").map(instanceOf),
    })),
  );
}
