// Groups instances into series, stacks each, and orders them so that the one to propose comes first.
import { type Problem, problem } from "#core/problem";
import { sliceSpacingMm } from "#core/space";
import type { SeriesSummary } from "#core/study";
import type { InstanceHeader } from "./instance-header.ts";
import type { NamedFile } from "./named-file.ts";
import { type StackedSeries, stackSeries } from "./stack.ts";

/** An instance, the file that holds it, and what was noticed when its header was read. */
export interface InstanceFile {
  readonly header: InstanceHeader;
  readonly file: NamedFile;
  readonly problems: readonly Problem[];
}

export interface ReadSeries {
  readonly summary: SeriesSummary;
  readonly instances: readonly InstanceFile[];
  /** The stack in acquired order; null where the series cannot be opened (the summary's problems say why). */
  readonly stack: StackedSeries | null;
}

/**
 * Series of the instances, the one to propose first: openable before not, then newest study (a post-procedure CT is younger than its
 * prior), thinnest spacing, more slices, bone kernel, and the UID so that the order never changes.
 */
export function listSeries(instances: readonly InstanceFile[]): readonly ReadSeries[] {
  const groups = new Map<string, InstanceFile[]>();
  for (const instance of instances) {
    const uid = instance.header.seriesInstanceUid;
    const group = groups.get(uid);
    if (group) group.push(instance);
    else groups.set(uid, [instance]);
  }
  return [...groups.values()].map(readSeries).sort(compare);
}

function readSeries(instances: readonly InstanceFile[]): ReadSeries {
  const broken = firstBroken(instances);
  const stacked = stackSeries(
    instances.filter((instance) => !isBroken(instance)).map((instance) => instance.header),
  );
  const problems: Problem[] = broken ? [broken] : [];
  if (stacked.ok) problems.push(...stacked.problems);
  else if (!broken || stacked.problem.code !== "stack/no-images") problems.push(stacked.problem);
  problems.push(...notices(instances));
  const stack = stacked.ok && !broken ? stacked.value : null;
  const first = (stack?.order ?? instances.map((instance) => instance.header))[0];
  const summary: SeriesSummary = {
    patient: first.patient,
    study: first.study,
    seriesInstanceUid: first.seriesInstanceUid,
    seriesNumber: first.seriesNumber,
    seriesDescription: first.seriesDescription,
    modality: first.modality,
    imageCount: stack
      ? stack.order.length
      : instances.reduce((sum, { header }) => sum + header.format.numberOfFrames, 0),
    sliceSpacingMm: stack ? sliceSpacingMm(stack.context.grid) : null,
    sliceThicknessMm: first.sliceThicknessMm,
    convolutionKernel: first.convolutionKernel,
    rows: first.format.rows,
    columns: first.format.columns,
    openable: stack !== null,
    problems,
  };
  return { summary, instances, stack };
}

const isBroken = (instance: InstanceFile): boolean =>
  instance.problems.some((found) => found.code === "read/truncated-pixels");

/** A cut-off file closes its series: without it the stack would lack a slice, at an end even unnoticed. An intact copy heals it. */
function firstBroken(instances: readonly InstanceFile[]): Problem | null {
  const broken = instances.filter(isBroken);
  if (broken.length === 0) return null;
  const intact = new Set(instances.filter((one) => !isBroken(one)).map((one) => one.header.sopInstanceUid));
  const lost = broken.filter((one) => !intact.has(one.header.sopInstanceUid));
  return lost.length === 0
    ? null
    : problem("series/broken-file", { fileName: lost[0].header.fileName, count: lost.length });
}

/** What was noticed in the headers, once per kind. */
function notices(instances: readonly InstanceFile[]): readonly Problem[] {
  const byCode = new Map<string, Problem>();
  for (const found of instances.flatMap((instance) => instance.problems)) {
    if (found.severity !== "error" && !byCode.has(found.code)) byCode.set(found.code, found);
  }
  return [...byCode.values()];
}

function compare(a: ReadSeries, b: ReadSeries): number {
  const x = a.summary;
  const y = b.summary;
  return (
    Number(y.openable) - Number(x.openable) ||
    text(y.study.studyDate, x.study.studyDate) ||
    spacingRank(x) - spacingRank(y) ||
    y.imageCount - x.imageCount ||
    kernelRank(x.convolutionKernel) - kernelRank(y.convolutionKernel) ||
    text(x.seriesInstanceUid, y.seriesInstanceUid)
  );
}

const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Spacings within a tenth of a millimetre count as equal, so that the number of slices and the kernel decide between them. */
const spacingRank = (series: SeriesSummary): number => Math.round((series.sliceSpacingMm ?? 1000) * 10);

/** 0 bone, 1 soft, 2 lung or edge: those overshoot at the edge of cement. Vendors' own names; unknown ones count as soft. */
function kernelRank(kernel: string): number {
  if (/lung|edge/i.test(kernel)) return 2;
  if (/bone/i.test(kernel)) return 0;
  const siemens = /^[BHUJIQ][a-z]?(\d\d)/i.exec(kernel);
  if (siemens) {
    const sharpness = Number(siemens[1]);
    return sharpness >= 75 ? 2 : sharpness >= 55 ? 0 : 1;
  }
  return /^FC[38]\d/i.test(kernel) ? 0 : 1;
}
