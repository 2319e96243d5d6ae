// Groups instances into series, stacks each, and orders them so that the one to propose comes first.
import { type Problem, problem } from "#core/problem";
import { sliceSpacingMm } from "#core/space";
import type { SeriesSummary } from "#core/study";
import type { InstanceHeader } from "./instance-header.ts";
import type { NamedFile } from "./named-file.ts";
import { type Rank, asideReason, rankOf, ranked } from "./series-rank.ts";
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

/** Series of the instances, the one to propose first (see `ranked`). */
export function listSeries(instances: readonly InstanceFile[]): readonly ReadSeries[] {
  const groups = new Map<string, InstanceFile[]>();
  for (const instance of instances) {
    const uid = instance.header.seriesInstanceUid;
    const group = groups.get(uid);
    if (group) group.push(instance);
    else groups.set(uid, [instance]);
  }
  return ranked([...groups.values()].map(readSeries));
}

function readSeries(instances: readonly InstanceFile[]): ReadSeries & { readonly rank: Rank } {
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
  const spacingMm = stack ? sliceSpacingMm(stack.context.grid) : null;
  const { rank, merits } = rankOf(first, spacingMm, stack?.order.length ?? 0);
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
    sliceSpacingMm: spacingMm,
    sliceThicknessMm: first.sliceThicknessMm,
    convolutionKernel: first.convolutionKernel,
    rows: first.format.rows,
    columns: first.format.columns,
    aside: asideReason(
      instances.map(({ header }) => header),
      stack !== null,
    ),
    merits,
    openable: stack !== null,
    problems,
  };
  return { summary, instances, stack, rank };
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
