// What came with a CT: findings (a JSON file, or an SR that carries them), segmentations, and reports of others.
import type { DecodedSegmentation, Host, ImportedObject } from "#contract";
import { fail, ok, type Problem, type Result } from "#core/problem";
import { FINDINGS_CREATOR, type Findings } from "../model/findings.ts";
import { parseFindings } from "../model/parse-findings.ts";
import type { LocalText } from "../model/sites.ts";
import { lastChangedAt, replacedIds, versionKey } from "../model/versions.ts";
import { foreignReport, volumesByTrackingUid, type ForeignReport } from "./foreign-report.ts";

export interface FoundObjects {
  /** The newest version that belongs to this series; null where there is none. */
  readonly findings: Findings | null;
  readonly segmentations: readonly DecodedSegmentation[];
  /** Why a segmentation could not be used; the case may not need it. */
  readonly unusable: readonly Problem[];
  /** Structured reports that others wrote. */
  readonly reports: readonly ForeignReport[];
  readonly notes: readonly Problem[];
}

const note = (code: string, text: LocalText, severity: Problem["severity"] = "warning"): Problem => ({
  code,
  severity,
  details: {},
  text,
});

/**
 * Sorts the objects. Fails where findings were given and none can be used: unreadable ones, findings of another series, or a report
 * whose own figures contradict the findings that it carries.
 */
export function gatherObjects(
  host: Host,
  seriesInstanceUid: string,
  objects: readonly ImportedObject[],
): Result<FoundObjects> {
  const segmentations: DecodedSegmentation[] = [];
  const unusable: Problem[] = [];
  const reports: ForeignReport[] = [];
  const notes: Problem[] = [];
  const versions: Findings[] = [];
  const refused: Problem[] = [];
  const take = (findings: Result<Findings>): void => {
    if (findings.ok) versions.push(findings.value);
    else refused.push(findings.problem);
  };
  for (const { kind, path, bytes } of objects) {
    if (kind === "SEG" || kind === "RTSTRUCT") {
      const decoded = host.dicom.decodeSegmentation(bytes);
      if (decoded.ok) segmentations.push(decoded.value);
      else unusable.push(decoded.problem);
      if (decoded.ok) notes.push(...decoded.problems);
    } else if (kind === "JSON") {
      const text = new TextDecoder().decode(bytes);
      // The FHIR bundle of the same export lies beside them in its folder and says nothing more.
      if (!/^\s*\{\s*"resourceType"\s*:/.test(text)) take(parseFindings(text));
    } else {
      const decoded = host.dicom.decodeReport(bytes);
      if (!decoded.ok) {
        notes.push({ ...decoded.problem, severity: "warning" });
        continue;
      }
      const own = decoded.value.embedded.find(({ creator }) => creator === FINDINGS_CREATOR);
      if (own) take(agreeing(parseFindings(own.text), volumesByTrackingUid(decoded.value), path));
      else reports.push(foreignReport(decoded.value, path, decoded.problems));
    }
  }
  const mine = versions.filter(({ imaging }) => imaging.seriesInstanceUid === seriesInstanceUid);
  if (mine.length === 0 && versions.length > 0)
    return fail(
      note(
        "findings/other-series",
        {
          en: "These findings belong to another CT series; open that series first. Nothing was changed",
          zh: "该结果属于另一 CT 序列；请先打开对应序列。未作任何更改",
        },
        "error",
      ),
    );
  if (mine.length === 0 && refused.length > 0) return fail(refused[0]);
  for (const problem of refused) notes.push({ ...problem, severity: "warning" });
  const findings = newestOf(mine);
  const left = new Set(mine.map(versionKey)).size - 1;
  if (findings && left > 0) notes.push(otherVersions(findings, left));
  return ok({ findings, segmentations, unusable, reports, notes });
}

/** What none of the others replaces or adjudicates, signed before draft of the same document, and the latest of those. */
function newestOf(versions: readonly Findings[]): Findings | null {
  const replaced = replacedIds(versions);
  const standing = versions.filter(({ documentId }) => !replaced.has(documentId));
  const signed = new Set(standing.filter(({ status }) => status !== "draft").map((one) => one.documentId));
  const best = standing
    .filter(({ documentId, status }) => status !== "draft" || !signed.has(documentId))
    .toSorted((a, b) => (lastChangedAt(a) < lastChangedAt(b) ? 1 : -1));
  return best[0] ?? versions[0] ?? null;
}

function otherVersions({ status, readers, createdAt }: Findings, left: number): Problem {
  const who = readers[0]?.readerId ?? "";
  const day = createdAt.slice(0, 10);
  return note(
    "findings/versions",
    {
      en: `Opened the newest findings (${status}, ${who ? `${who}, ` : ""}begun ${day}); ${left} earlier or other ${left === 1 ? "version was" : "versions were"} left out: open ${left === 1 ? "it" : "one"} by itself to see it`,
      zh: `已打开最新结果（${status === "draft" ? "草稿" : "已签署"}，${who ? `${who}，` : ""}始于 ${day}）；另有 ${left} 个较早或其他版本未打开，可单独打开查看`,
    },
    "info",
  );
}

/** A volume in the tree that is another than in the findings: one of the two was changed after they were written. */
function agreeing(
  findings: Result<Findings>,
  volumes: ReadonlyMap<string, number>,
  path: string,
): Result<Findings> {
  if (!findings.ok) return findings;
  const measured = [...findings.value.leaks, ...findings.value.lesions.flatMap(({ cement }) => cement ?? [])];
  for (const { trackingUid = "", volumeMm3 } of measured) {
    const told = volumes.get(trackingUid);
    if (told !== undefined && volumeMm3 !== undefined && Math.abs(told - volumeMm3) > 0.0005)
      return fail(
        note(
          "findings/report-contradicts",
          {
            en: `${path}: the report says ${told} mm³ where the findings that it carries say ${volumeMm3} mm³, so one of them was changed afterwards; open the findings JSON, or ask the archive for the object as it was stored. Nothing was changed`,
            zh: `${path}：报告记录为 ${told} mm³，而其内含结果为 ${volumeMm3} mm³，其中之一在写入后被改动；请打开结果 JSON，或向归档系统获取原始对象。未作任何更改`,
          },
          "error",
        ),
      );
  }
  return findings;
}
