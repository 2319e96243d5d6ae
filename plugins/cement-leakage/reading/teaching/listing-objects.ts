// What tells a teaching file's receiver of the case (IHE TCE): the additional information, and manifests that list every object.
import type { Host, OtherSeries } from "#contract";
import { derivedUid } from "#core/derived-uid";
import { ProblemError } from "#core/problem";
import type { Evidence } from "#core/report-document";
import type { InstanceReference, SeriesContext } from "#core/study";
import {
  type TeachingInformation,
  informationCodes,
  informationDocument,
  informationTexts,
} from "../../teaching/additional-information.ts";
import { MANIFEST_DESCRIPTION, manifestDocument } from "../../teaching/manifest.ts";
import { PROGRAM_EQUIPMENT } from "../../teaching/teaching-vocabulary.ts";
import type { TeachingFile } from "../../teaching/teaching-zip.ts";
import type { DeidentifiedCase } from "./deidentified-case.ts";
import { leavingOf } from "./privacy.ts";

const COMPREHENSIVE_3D_SR = "1.2.840.10008.5.1.4.1.1.88.34";
const SERIES = {
  information: { number: 9920, description: "Teaching file information" },
  manifest: { number: 9930, description: "Teaching file manifest" },
} as const;

/**
 * "teaching-information.dcm" and "manifest.dcm" ("manifest-2.dcm" for another study): made of the case as it was, then de-identified with
 * everything else, so that patient, study and references are the same. The words are the author's; they are searched.
 */
export async function listingObjects(
  dicom: Host["dicom"],
  taught: DeidentifiedCase,
  about: TeachingInformation,
): Promise<TeachingFile[]> {
  const { record, deidentifying, vocabulary } = taught;
  const { source } = record;
  const equipment = { ...PROGRAM_EQUIPMENT, softwareVersions: record.equipment.softwareVersions };
  const identity = (kind: keyof typeof SERIES, of: string) => ({
    sopInstanceUid: derivedUid(record.uids.report.sopInstanceUid, kind, of),
    seriesInstanceUid: derivedUid(record.uids.report.seriesInstanceUid, kind, of),
    seriesNumber: SERIES[kind].number,
    seriesDescription: SERIES[kind].description,
    createdAt: record.createdAt,
  });
  const images = imagesOf(source, deidentifying.kept);
  const information = identity("information", "");
  const made = [
    {
      name: "teaching-information.dcm",
      bytes: dicom.encodeReport(
        informationDocument(about, { identity: information, source, equipment, evidence: [images] }),
      ),
    },
    ...manifestsOf(taught, images, information).map(({ context, evidence, documents }, n) => ({
      name: n === 0 ? "manifest.dcm" : `manifest-${n + 1}.dcm`,
      bytes: dicom.encodeKeyObjects(
        manifestDocument(context, evidence, documents, {
          identity: identity("manifest", context.study.studyInstanceUid),
          equipment,
        }),
      ),
    })),
  ];
  const texts = new Set([
    ...vocabulary.texts,
    ...informationTexts(about),
    MANIFEST_DESCRIPTION,
    ...Object.values(SERIES).map(({ description }) => description),
  ]);
  const done = await deidentifying.alone(made, {
    vocabulary: { ...vocabulary, texts, codes: [...vocabulary.codes, ...informationCodes(about)] },
    lookedAt: taught.lookedAt,
  });
  if (!done.ok) throw new ProblemError(done.problem);
  return done.value.files.map(({ bytes }, n) => ({ name: made[n].name, bytes }));
}

interface Listed {
  readonly context: SeriesContext;
  readonly evidence: readonly Evidence[];
  /** Which of them are no images. */
  readonly documents: ReadonlySet<string>;
}

function manifestsOf(
  { record, objects, others, privacy }: DeidentifiedCase,
  images: Evidence,
  information: { readonly sopInstanceUid: string; readonly seriesInstanceUid: string },
): Listed[] {
  const { source, uids } = record;
  const { studyInstanceUid } = source.study;
  const derived = (
    kind: "SEG" | "SR" | "KO",
    of: { readonly sopInstanceUid: string; readonly seriesInstanceUid: string },
  ): Evidence[] => {
    const sopClassUid = objects.find(({ name }) => name.startsWith(`${kind}-`))?.sopClassUid;
    return sopClassUid === undefined
      ? []
      : [
          {
            studyInstanceUid,
            seriesInstanceUid: of.seriesInstanceUid,
            instances: [{ sopClassUid, sopInstanceUid: of.sopInstanceUid }],
          },
        ];
  };
  const main: Listed = {
    context: source,
    evidence: [
      images,
      ...derived("SEG", uids.segmentation),
      ...derived("SR", uids.report),
      ...derived("KO", uids.keyObjects),
      {
        studyInstanceUid,
        seriesInstanceUid: information.seriesInstanceUid,
        instances: [{ sopClassUid: COMPREHENSIVE_3D_SR, sopInstanceUid: information.sopInstanceUid }],
      },
    ],
    documents: new Set([
      uids.report.sopInstanceUid,
      uids.keyObjects.sopInstanceUid,
      information.sopInstanceUid,
    ]),
  };
  const studies = new Map([[studyInstanceUid, main]]);
  for (const other of others) {
    const { series } = other;
    const before = studies.get(series.study.studyInstanceUid);
    const evidence: Evidence = {
      studyInstanceUid: series.study.studyInstanceUid,
      seriesInstanceUid: series.seriesInstanceUid,
      instances: leavingOf(other, privacy.looked).map(({ sopClassUid, sopInstanceUid }) => ({
        sopClassUid,
        sopInstanceUid,
      })),
    };
    studies.set(series.study.studyInstanceUid, {
      context: before?.context ?? contextOf(series, source),
      evidence: [...(before?.evidence ?? []), evidence],
      documents: before?.documents ?? new Set(),
    });
  }
  return [...studies.values()];
}

/** Patient and study of another series; nothing else of a context is written into a manifest. */
const contextOf = ({ patient, study }: OtherSeries, source: SeriesContext): SeriesContext => ({
  ...source,
  patient,
  study,
});

function imagesOf(source: SeriesContext, kept: ReadonlySet<string>): Evidence {
  const instances = new Map<string, InstanceReference>();
  for (const { sopClassUid, sopInstanceUid } of source.instances)
    if (kept.has(sopInstanceUid)) instances.set(sopInstanceUid, { sopClassUid, sopInstanceUid });
  return {
    studyInstanceUid: source.study.studyInstanceUid,
    seriesInstanceUid: source.seriesInstanceUid,
    instances: [...instances.values()],
  };
}
