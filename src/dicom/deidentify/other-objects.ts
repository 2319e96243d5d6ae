// The images of a patient's other studies (before, during and after the procedure) as an author chooses among them; their files untouched.
import { type Problem, problem } from "#core/problem";
import { type PatientIdentity, type StudyIdentity, areOfOnePatient } from "#core/study";
import { itemsAt, numbersAt, openObject, textAt } from "./data-elements.ts";
import type { OriginalFile } from "./deidentify.ts";
import { type ReasonToLook, gateProblem, isPicture, reasonToLook } from "./object-gate.ts";

export interface OtherImage {
  readonly file: OriginalFile;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly frames: number;
  /** Why someone has to look at every frame before it may leave; null for an axial CT image. */
  readonly look: ReasonToLook | null;
  /** Of its first voxel in the patient (LPS); null where the image has no place of its own. */
  readonly zMm: number | null;
}

/** For the author's eyes alone: modality, date and description are the original's. */
export interface OtherSeries {
  readonly patient: PatientIdentity;
  readonly study: StudyIdentity;
  readonly seriesInstanceUid: string;
  readonly modality: string;
  readonly date: string;
  readonly description: string;
  /** "" where none is given. */
  readonly frameOfReferenceUid: string;
  /** In the order of their places along the patient, or of their numbers. */
  readonly images: readonly OtherImage[];
}

export interface OtherObjects {
  readonly series: readonly OtherSeries[];
  /** What can't be part of the case, each with its reason. */
  readonly refused: readonly Problem[];
}

const orderOf = ({ date, modality, seriesInstanceUid }: OtherSeries): string =>
  [date, modality, seriesInstanceUid].join(" ");

interface OfThis {
  readonly patient: Pick<PatientIdentity, "patientId">;
  readonly study: Pick<StudyIdentity, "studyInstanceUid">;
  readonly seriesInstanceUid: string;
}

/** `files` by series; what is not of this patient ("deidentify/other-patient"), no image, or of the case's own series is left out. */
export function otherObjects(files: readonly OriginalFile[], of: OfThis): OtherObjects {
  const refused: Problem[] = [];
  const series = new Map<string, OtherSeries & { readonly placed: { at: number; image: OtherImage }[] }>();
  const known = new Set<string>();
  for (const file of files) {
    const opened = openObject(file.bytes, file.name);
    if (!opened.ok) {
      refused.push({ ...opened.problem, severity: "warning" });
      continue;
    }
    const { root } = opened.value;
    const text = (tag: string) => textAt(root, tag);
    const study = {
      studyInstanceUid: text("0020000D"),
      studyId: text("00200010"),
      studyDate: text("00080020"),
      studyTime: text("00080030"),
      studyDescription: text("00081030"),
      accessionNumber: text("00080050"),
      referringPhysicianName: text("00080090"),
    };
    const patient = {
      patientName: text("00100010"),
      patientId: text("00100020"),
      patientBirthDate: text("00100030"),
      patientSex: text("00100040"),
      patientAge: text("00101010"),
    };
    const sopInstanceUid = text("00080018");
    const uid = text("0020000E");
    if (uid === of.seriesInstanceUid || known.has(sopInstanceUid)) continue;
    known.add(sopInstanceUid);
    if (!areOfOnePatient({ patient, study }, of)) {
      refused.push({
        ...problem("deidentify/other-patient", { fileName: file.name }),
        severity: "warning",
      });
      continue;
    }
    const gate = gateProblem(root, file.name, true);
    if (gate || !isPicture(root)) {
      refused.push({
        ...(gate ?? problem("deidentify/class", { fileName: file.name, sopClass: text("00080016") })),
        severity: "warning",
      });
      continue;
    }
    const one = series.get(uid) ?? {
      ...{ patient, study, seriesInstanceUid: uid, modality: text("00080060"), images: [], placed: [] },
      date: study.studyDate,
      description: text("0008103E") || study.studyDescription,
      frameOfReferenceUid: text("00200052"),
    };
    series.set(uid, one);
    const groups = itemsAt(root, "52009230").length;
    const zMm = numbersAt(root, "00200032", 3)?.[2] ?? null;
    one.placed.push({
      at: zMm ?? numbersAt(root, "00200013", 1)?.[0] ?? 0,
      image: {
        ...{ file, sopInstanceUid, sopClassUid: text("00080016"), look: reasonToLook(root), zMm },
        frames: Math.max(1, numbersAt(root, "00280008", 1)?.[0] ?? groups),
      },
    });
  }
  return {
    refused,
    series: [...series.values()]
      .map(({ placed, ...one }) => ({
        ...one,
        images: placed.toSorted((a, b) => a.at - b.at).map(({ image }) => image),
      }))
      .toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1)),
  };
}
