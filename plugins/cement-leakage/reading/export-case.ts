// Exports of the case at hand: builds the findings, hands them to the encoders, and says why an export can't be had.
import type { ExportedFile, ExporterImplementation } from "#contract";
import { ProblemError } from "#core/problem";
import { problemText } from "#core/problem-text";
import { patientFromVoxel, voxelFromPatient, type Vec3 } from "#core/space";
import { caseFiles, caseZip, type CaseFile } from "../exports/bundle.ts";
import { buildFindings } from "../exports/findings.ts";
import { moreFiles, type MoreKind } from "../exports/more-files.ts";
import { largestSlice } from "../exports/key-objects.ts";
import { exportFileName } from "../exports/file-names.ts";
import { prepareExport, type ExportInput } from "../exports/prepare.ts";
import { reportPage } from "../exports/report-page.ts";
import { sidesOf } from "../engine/side.ts";
import { volumeEstimator } from "../engine/volume-estimator.ts";
import { findingsText } from "../exports/text.ts";
import { isLeak, isPrevious, leaksOf, maskIdOfPart, type Part } from "../model/case-document.ts";
import { measurePart } from "../model/measures.ts";
import type { RunMask } from "#voxels/mask";
import type { Reading } from "./reading.ts";
import { reportOf, signedUids } from "./signed-identity.ts";
import { reportPictures } from "./report-pictures.ts";
import { WHY } from "./words.ts";

const KINDS = {
  "cement-leakage/export-all": null,
  "cement-leakage/export-seg": ["SEG"],
  "cement-leakage/export-sr": ["SEG", "SR"],
  "cement-leakage/export-json": ["JSON"],
  "cement-leakage/export-csv": ["CSV"],
  "cement-leakage/export-page": [],
  "cement-leakage/export-label-map": ["SEG", "SR"],
  "cement-leakage/export-fhir": ["FHIR"],
  "cement-leakage/export-patients": ["PATIENTS"],
  "cement-leakage/export-pictures": [],
  "cement-leakage/export-nifti": [],
  "cement-leakage/export-stl": [],
} as const satisfies Record<string, readonly CaseFile["kind"][] | null>;

/** Made apart from the others, when they are asked for. */
const MORE: Readonly<Partial<Record<keyof typeof KINDS, MoreKind>>> = {
  "cement-leakage/export-pictures": "PICTURES",
  "cement-leakage/export-nifti": "NIFTI",
  "cement-leakage/export-stl": "STL",
};
/** Those of segments: without one there is nothing to write. */
const OF_SEGMENTS: ReadonlySet<string> = new Set([
  "cement-leakage/export-seg",
  "cement-leakage/export-sr",
  "cement-leakage/export-label-map",
  ...Object.keys(MORE),
]);

export type ExporterId = keyof typeof KINDS;

/** What is made anew for each export, or given where the same objects are wanted again. */
export type ExportIdentity = Pick<ExportInput, "uids" | "createdAt" | "predecessor" | "segmentationForm">;

export interface Exporting {
  readonly exporters: Readonly<Record<ExporterId, ExporterImplementation>>;
  /** Makes the files and hands them to the browser. */
  save(id: ExporterId): Promise<void>;
  /** Opens the print dialog over the report page, in the reader's language. */
  printPage(): Promise<void>;
  /** SEG, SR and key objects with this identity; throws the problem where they can't be written. */
  dicomObjects(identity: ExportIdentity): readonly CaseFile[];
  whyNot(id: ExporterId): string | null;
  /** What every form is made of. */
  record(): ExportInput;
  copyText(): Promise<void>;
  /** The slice with the largest cross-section of the selected leak (else of the largest part), with its marks. */
  copyImage(): Promise<void>;
  whyNotCopy(): string | null;
}

export function createExporting(reading: Reading): Exporting {
  const { host } = reading;

  function whyNot(id: ExporterId): string | null {
    const why = whyNotCopy();
    if (why) return why;
    const { parts } = reading.document.get();
    const exported = parts.some(
      (part) =>
        (part.role === "intraosseous" || isLeak(part) || isPrevious(part)) && reading.maskOf(part.partId),
    );
    return OF_SEGMENTS.has(id) && !exported ? reading.say(WHY.nothingToExport) : null;
  }

  function whyNotCopy(): string | null {
    const { series, volume } = host.scene.get();
    const document = reading.document.get();
    if (!series || !volume) return reading.say(WHY.noCase);
    if (reading.state.get().busy !== null) return reading.say(WHY.busy);
    if (document.floorHu === null && document.parts.length === 0) return reading.say(WHY.notFound);
    if (leaksOf(document).some((part) => part.leak.site === null)) return reading.say(WHY.leakWithoutSite);
    if (series.sideNeedsConfirmation && !document.sideConfirmed) return reading.say(WHY.sideNotConfirmed);
    return null;
  }

  /** What the findings have no place for, said in them: a part that nobody has decided is neither cement nor leak. */
  function leftOut(): string[] {
    const open = reading.document.get().parts.filter((part) => part.role === "undecided");
    return open.length > 0
      ? [`Not in this export, because undecided: ${open.map((part) => part.partId).join(", ")}`]
      : [];
  }

  /** Of a signed document always the same; else made anew. An amendment names the report that it amends. */
  function newIdentity(): ExportIdentity {
    const document = reading.document.get();
    const { uidRoot } = host.settings.get();
    const { series } = host.scene.get();
    const pictures = leaksOf(document).length;
    const uids = () => ({ sopInstanceUid: host.newUid(), seriesInstanceUid: host.newUid() });
    const fresh = () => ({
      segmentation: uids(),
      report: uids(),
      keyObjects: uids(),
      pictures: {
        seriesInstanceUid: host.newUid(),
        sopInstanceUids: Array.from({ length: pictures }, () => host.newUid()),
      },
    });
    const { signed, supersedes } = document;
    return {
      uids: signed ? signedUids(document.documentId, uidRoot, pictures) : fresh(),
      createdAt: signed ? new Date(signed.at) : host.now(),
      ...(supersedes && series
        ? { predecessor: reportOf(supersedes, uidRoot, series.study.studyInstanceUid) }
        : {}),
    };
  }

  function input(identity: ExportIdentity = newIdentity()): ExportInput {
    const { series, volume } = host.scene.get();
    if (!series || !volume)
      throw new ProblemError({ code: "cement/no-case", severity: "error", details: {}, text: WHY.noCase });
    const settings = host.settings.get();
    const { createdAt } = identity;
    const { findings, masks } = buildFindings({
      document: reading.document.get(),
      masks: partMasks(reading),
      volume,
      series,
      softwareVersion: settings.equipment.softwareVersions,
      readerName: settings.readerName,
      readerRole: settings.readerRole,
      createdAt,
      estimate: volumeEstimator(reading.document.get(), partMasks(reading), volume),
      sideAt: sidesOf(volume),
      verificationLog: [...series.problems.map((problem) => problemText(problem, "en")), ...leftOut()],
    });
    // The department's form, unless another one is asked for.
    const segmentationForm = identity.segmentationForm ?? settings.segmentationForm;
    const form = segmentationForm ? { segmentationForm } : {};
    return { findings, masks, source: series, equipment: settings.equipment, ...identity, ...form };
  }

  async function run(id: ExporterId): Promise<readonly ExportedFile[]> {
    const why = whyNot(id);
    if (why)
      throw new ProblemError({
        code: "cement/export-disabled",
        severity: "warning",
        details: {},
        text: { en: why, zh: why },
      });
    const labelMap = id === "cement-leakage/export-label-map";
    const from = input(labelMap ? { ...newIdentity(), segmentationForm: "LABELMAP" } : newIdentity());
    if (id === "cement-leakage/export-page") return [await pageFile(from)];
    const more = MORE[id];
    if (more) return moreOf(more, from);
    const files = caseFiles(from, host.dicom);
    if (!files.ok) throw new ProblemError(files.problem);
    for (const note of files.problems) host.report(note);
    if (leftOut().length > 0) host.notify(reading.say(WHY.undecidedLeftOut), "warning");
    const kinds: readonly CaseFile["kind"][] | null = KINDS[id];
    if (kinds === null) {
      const pictures = from.findings.leaks.length > 0 ? picturesOf(from) : [];
      return [caseZip(from, [...files.value, ...pictures, await pageFile(from)])];
    }
    return files.value.filter((file) => kinds.includes(file.kind));
  }

  /** None where no leak has voxels. */
  function picturesOf(from: ExportInput): readonly ExportedFile[] {
    const { volume } = host.scene.get();
    const files = volume && moreFiles("PICTURES", from, volume, host.dicom.encodePicture);
    return files?.ok ? files.value : [];
  }

  function moreOf(kind: MoreKind, from: ExportInput): readonly ExportedFile[] {
    const { volume } = host.scene.get();
    if (!volume)
      throw new ProblemError({ code: "cement/no-case", severity: "error", details: {}, text: WHY.noCase });
    const files = moreFiles(kind, from, volume, host.dicom.encodePicture);
    if (!files.ok) throw new ProblemError(files.problem);
    return files.value;
  }

  async function pageHtml(from: ExportInput): Promise<string> {
    const prepared = prepareExport(from);
    if (!prepared.ok) throw new ProblemError(prepared.problem);
    const pictures = await reportPictures(reading);
    return reportPage({ findings: prepared.value.findings, pictures, locale: host.locale.get() });
  }

  const pageFile = async (from: ExportInput): Promise<ExportedFile> => ({
    name: exportFileName(from.source, "cement-report", "html", from.findings.status === "draft"),
    mediaType: "text/html;charset=utf-8",
    bytes: new TextEncoder().encode(await pageHtml(from)),
  });

  /** What a person asked for by a key or a button: a refusal becomes a message. */
  async function toldOf(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      host.report(error.problem);
    }
  }

  async function save(id: ExporterId): Promise<void> {
    await toldOf(async () => {
      for (const file of await run(id)) host.files.save(file);
    });
  }

  const exporter = (id: ExporterId): ExporterImplementation => ({
    run: () => run(id),
    disabledReason: () => whyNot(id),
  });

  return {
    exporters: {
      "cement-leakage/export-all": exporter("cement-leakage/export-all"),
      "cement-leakage/export-seg": exporter("cement-leakage/export-seg"),
      "cement-leakage/export-sr": exporter("cement-leakage/export-sr"),
      "cement-leakage/export-json": exporter("cement-leakage/export-json"),
      "cement-leakage/export-csv": exporter("cement-leakage/export-csv"),
      "cement-leakage/export-page": exporter("cement-leakage/export-page"),
      "cement-leakage/export-label-map": exporter("cement-leakage/export-label-map"),
      "cement-leakage/export-fhir": exporter("cement-leakage/export-fhir"),
      "cement-leakage/export-patients": exporter("cement-leakage/export-patients"),
      "cement-leakage/export-pictures": exporter("cement-leakage/export-pictures"),
      "cement-leakage/export-nifti": exporter("cement-leakage/export-nifti"),
      "cement-leakage/export-stl": exporter("cement-leakage/export-stl"),
    },
    save,
    whyNot,
    whyNotCopy,
    record: () => input(),
    dicomObjects(identity) {
      const files = caseFiles(input(identity), host.dicom);
      if (!files.ok) throw new ProblemError(files.problem);
      for (const note of files.problems) host.report(note);
      if (leftOut().length > 0) host.notify(reading.say(WHY.undecidedLeftOut), "warning");
      return files.value.filter(({ kind }) => kind === "SEG" || kind === "SR" || kind === "KOS");
    },
    async printPage() {
      const why = whyNotCopy();
      if (why) return host.notify(why, "warning");
      await toldOf(async () => {
        const page = await pageHtml(input());
        if (leftOut().length > 0) host.notify(reading.say(WHY.undecidedLeftOut), "warning");
        await host.files.print(page);
      });
    },
    async copyText() {
      const why = whyNotCopy();
      if (why) return host.notify(why, "warning");
      await host.files.copyText(findingsText(input().findings, host.locale.get()));
      host.notify(reading.say({ en: "Findings copied as text", zh: "结果文本已复制" }), "success");
    },
    async copyImage() {
      const why = whyNotCopy();
      if (why) return host.notify(why, "warning");
      const at = keyPoint(reading);
      if (!at) return host.notify(reading.say(WHY.noVoxels), "warning");
      host.view.goTo(at);
      await host.files.copyImage(
        await host.view.capture({ plane: "axial", at, widthPx: 900, heightPx: 900 }),
      );
      host.notify(reading.say({ en: "Key image copied", zh: "关键图像已复制" }), "success");
    },
  };
}

function partMasks(reading: Reading): ReadonlyMap<string, RunMask> {
  const found = new Map<string, RunMask>();
  for (const part of reading.document.get().parts) {
    const mask = reading.maskOf(part.partId);
    if (mask) found.set(maskIdOfPart(part.partId), mask);
  }
  return found;
}

/** On the slice where the chosen part is widest: the selected one, else the first leak, else the first part with voxels. */
function keyPoint(reading: Reading): Vec3 | null {
  const { volume } = reading.host.scene.get();
  const document = reading.document.get();
  const withVoxels = (part: Part | null | undefined): part is Part =>
    !!part && reading.maskOf(part.partId) !== null;
  const part = [reading.selected(), leaksOf(document)[0], ...document.parts].find(withVoxels);
  const mask = part && reading.maskOf(part.partId);
  if (!mask || !volume) return null;
  const [i, j] = voxelFromPatient(volume.grid, measurePart(mask, volume).centroidPatient);
  return patientFromVoxel(volume.grid, i, j, largestSlice(mask));
}
