// A study of a phantom full of invented identities: names in several scripts, numbers, dates, addresses, UIDs, private elements,
// sequences, labels, comments, file names. Every planted value is known, so that each can be looked for in what leaves.
import dcmjs from "dcmjs";
import { findingsJson, caseFiles } from "#cement/exports/bundle";
import type { ExportInput } from "#cement/exports/prepare";
import { writeKeyObjects } from "#dicom/write-key-objects";
import type { DataSet } from "#dicom/part10";
import { writeReport } from "#dicom/write-report";
import { writeSegmentation } from "#dicom/write-segmentation";
import { smallCase } from "../cement/small-case.ts";
import { smallCtFiles, smallSeries } from "./small-series.ts";

/** Syllables that no word of the program is made of. */
const SYLLABLES = "qua zor vex ulq jyn xol wiz pyq oxu zyl vug qir jex yaz kwo".split(" ");
const SCRIPTS = ["齐雁翎", "Жмыхоква", "Ψωξάνη", "ژوبینفر", "くぬぎ坂", "쾅뷁혜", "Þróßæja", "ฐฎฏฐคน"];

/** Invented values, each of them once. */
export class Invented {
  #count = 0;
  readonly values: string[] = [];

  /** Nine letters. */
  word(): string {
    let number = ++this.#count;
    let word = "";
    for (let n = 0; n < 3; n++) {
      word += SYLLABLES[number % SYLLABLES.length];
      number = Math.floor(number / SYLLABLES.length);
    }
    return this.#kept(word[0].toUpperCase() + word.slice(1));
  }

  /** Every third in another script. */
  name(): string {
    const word = this.word();
    return this.#count % 3 === 0
      ? this.#kept(`${SCRIPTS[this.#count % SCRIPTS.length]}${this.#count}`)
      : word;
  }

  number(): string {
    return this.#kept(String(71_000_000 + ++this.#count * 9_973));
  }

  date(): string {
    const days = ++this.#count * 17;
    const date = new Date(Date.UTC(1931, 2, 3) + days * 86_400_000);
    return this.#kept(date.toISOString().slice(0, 10).replaceAll("-", ""));
  }

  uid(): string {
    return this.#kept(`1.3.6.1.4.1.99981.${++this.#count * 7_919}.${this.#count * 104_729}`);
  }

  #kept(value: string): string {
    this.values.push(value);
    return value;
  }
}

const entries = Object.entries(dcmjs.data.DicomMetaDictionary.nameMap).flatMap(([keyword, entry]) => {
  const tag = /^\(([0-9A-F]{4}),([0-9A-F]{4})\)$/i.exec(entry?.tag ?? "");
  return entry && tag ? [{ keyword, vr: entry.vr, tag: `${tag[1]}${tag[2]}`.toUpperCase() }] : [];
});

/** Attributes that the planted CT needs as they are. */
const NEEDED = new Set(
  `SpecificCharacterSet SOPClassUID SOPInstanceUID Modality ImageType PixelData PatientID RescaleType PhotometricInterpretation
   LossyImageCompression PatientPosition StudyInstanceUID SeriesInstanceUID FrameOfReferenceUID CodeValue LongCodeValue URNCodeValue
   BurnedInAnnotation`.split(/\s+/),
);

export interface PlantedAttribute {
  readonly keyword: string;
  readonly tag: string;
  readonly vr: string;
  readonly value: string;
}

/** One attribute of every keyword of the dictionary that can hold text, a date or a UID; `nested` inside every sequence. */
export function everyAttribute(
  invented: Invented,
  nested: string,
): { readonly data: DataSet; readonly planted: readonly PlantedAttribute[] } {
  const data: DataSet = {};
  const planted: PlantedAttribute[] = [];
  const seen = new Set<string>();
  for (const { keyword, tag, vr } of entries) {
    if (
      NEEDED.has(keyword) ||
      seen.has(tag) ||
      /^(0000|0002|0004|FFF|7FE0)/.test(tag) ||
      tag.endsWith("0000")
    )
      continue;
    seen.add(tag);
    if (vr === "SQ") {
      const value = invented.word();
      data[keyword] = [{ [nested]: value }];
      planted.push({ keyword, tag, vr, value });
      continue;
    }
    const value = plantedValue(vr, invented);
    if (value === null) continue;
    data[keyword] = value;
    planted.push({ keyword, tag, vr, value: vr === "DT" ? value.slice(0, 8) : value });
  }
  return { data, planted };
}

function plantedValue(vr: string, invented: Invented): string | null {
  if (vr === "PN") return invented.name();
  if (/^(LO|ST|LT|UT|UC)$/.test(vr)) return invented.name();
  if (/^(SH|AE|CS)$/.test(vr)) return vr === "CS" ? upper(invented) : invented.word();
  if (vr === "UR") return `https://${invented.word()}.example`;
  if (vr === "UI") return invented.uid();
  if (vr === "DA") return invented.date();
  return vr === "DT" ? `${invented.date()}101112` : null;
}

function upper(invented: Invented): string {
  const word = invented.word();
  return word.toUpperCase();
}

export interface PlantedStudy {
  readonly input: ExportInput;
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  readonly invented: Invented;
}

/** CT, SEG, SR, key objects and findings of one phantom, planted wherever a scanner, a reader or a program writes something. */
export function plantedStudy(nested: string): PlantedStudy {
  const invented = new Invented();
  const plain = smallSeries();
  const source = {
    ...plain,
    patient: {
      patientName: `${invented.word()}^${invented.word()}=${invented.name()}`,
      patientId: invented.number(),
      patientBirthDate: invented.date(),
      patientSex: "F",
      patientAge: "067Y",
    },
    study: {
      studyInstanceUid: invented.uid(),
      studyId: invented.word(),
      studyDate: invented.date(),
      studyTime: "093000",
      studyDescription: `${invented.word()} ${invented.word()}`,
      accessionNumber: invented.number(),
      referringPhysicianName: `${invented.word()}^${invented.word()}`,
    },
    seriesInstanceUid: invented.uid(),
    seriesDescription: invented.word(),
    frameOfReferenceUid: invented.uid(),
    instances: plain.instances.map((one) => ({ ...one, sopInstanceUid: invented.uid() })),
  };
  const input = plantedCase(smallCase({}, source), invented);
  const made = caseFiles(input, {
    encodeSegmentation: (document, masks) =>
      writeSegmentation(
        {
          ...document,
          contentLabel: upper(invented),
          contentDescription: invented.name(),
          segments: document.segments.map((segment) => ({
            ...segment,
            label: invented.name(),
            description: invented.name(),
            algorithmName: invented.word(),
            trackingId: invented.name(),
          })),
        },
        masks,
      ),
    encodeReport: writeReport,
    encodeKeyObjects: (document) =>
      writeKeyObjects({ ...document, description: `${invented.name()} ${invented.word()}` }),
  });
  if (!made.ok) throw new Error(made.problem.code);
  const objects = made.value.filter(({ name }) => name.endsWith(".dcm"));
  return {
    input,
    invented,
    files: [
      ...plantedCt(source, input, invented, nested),
      ...objects.map(({ bytes }) => ({ name: `${invented.word()}/${invented.number()}.dcm`, bytes })),
      { name: `${invented.word()}.json`, bytes: new TextEncoder().encode(findingsJson(input.findings)) },
    ],
  };
}

/** Every attribute on the first image; on all of them private elements, an icon, comments and what a department writes. */
export function plantedAttributes(invented: Invented, nested: string): (k: number) => DataSet {
  const everything = everyAttribute(invented, nested).data;
  return (k) => ({
    ...(k === 0 ? everything : {}),
    InstitutionName: invented.name(),
    InstitutionAddress: `${invented.word()} 17, ${invented.name()}`,
    StationName: invented.word(),
    PatientComments: `seen by ${invented.word()} on ${invented.date()}`,
    "(0029,0010) LO": invented.word(),
    "(0029,1001) LO": invented.name(),
    "(0029,1002) UN": new TextEncoder().encode(invented.word()),
    "(0029,1003) SQ": [{ PatientName: invented.name() }],
    IconImageSequence: [{ Rows: 1, Columns: 9, PixelData: new TextEncoder().encode(invented.word()) }],
    RequestAttributesSequence: [
      { RequestedProcedureID: invented.word(), ScheduledProcedureStepID: invented.word() },
    ],
    ReferencedStudySequence: [
      { ReferencedSOPInstanceUID: invented.uid(), ReferencedSOPClassUID: "1.2.840.10008.3.1.2.3.1" },
    ],
  });
}

function plantedCt(source: ExportInput["source"], input: ExportInput, invented: Invented, nested: string) {
  const masks = [...input.masks.cementOfLesion.values(), ...input.masks.leaks.values()];
  return smallCtFiles(source, masks, false, plantedAttributes(invented, nested)).map((bytes) => ({
    name: `${invented.word()}_${invented.name()}/${invented.number()}.dcm`,
    bytes,
  }));
}

/** Everything that a reader can type into findings. */
function plantedCase(input: ExportInput, invented: Invented): ExportInput {
  const { findings } = input;
  const iso = () => invented.date().replace(/^(....)(..)(..)$/, "$1-$2-$3");
  return {
    ...input,
    equipment: {
      manufacturer: `${invented.word()} hospital`,
      manufacturerModelName: invented.word(),
      deviceSerialNumber: invented.number(),
      softwareVersions: invented.word(),
    },
    findings: {
      ...findings,
      documentId: invented.word(),
      supersedes: invented.word(),
      createdAt: `${iso()}T10:11:12Z`,
      subject: { pseudonym: invented.word(), patientKey: invented.number(), ageYears: 67, sex: "F" },
      imaging: {
        ...findings.imaging,
        studyDate: iso(),
        priorStudyUid: invented.uid(),
        contrastAgent: invented.word(),
        kernel: invented.word(),
      },
      procedure: {
        ...findings.procedure,
        procedureId: invented.number(),
        operatorKey: invented.word(),
        date: iso(),
        indication: invented.name(),
        cement: {
          product: invented.word(),
          manufacturer: invented.word(),
          lot: invented.number(),
          udi: invented.number(),
        },
        technicalSuccess: { value: "yes", definition: "other", text: invented.name() },
      },
      lesions: findings.lesions.map((lesion) => ({
        ...lesion,
        cement: lesion.cement && { ...lesion.cement, trackingUid: invented.uid() },
      })),
      leaks: findings.leaks.map((leak) => ({
        ...leak,
        comment: invented.name(),
        siteText: invented.name(),
        trackingId: invented.name(),
        trackingUid: invented.uid(),
        communicated: { to: invented.name(), at: `${iso()}T09:00:00Z` },
        keyImages: [{ sopInstanceUid: invented.uid() }],
      })),
      siteAssessments: findings.siteAssessments.map((one) => ({ ...one, reason: invented.name() })),
      notCement: [{ partId: invented.word(), reason: invented.name() }],
      measurements: findings.measurements?.map((one) => ({ ...one, trackingUid: invented.uid() })),
      complications: [{ type: "other", text: invented.name(), tian2020: "none" }],
      readers: [
        {
          readerId: `${invented.word()}^${invented.word()}`,
          role: invented.word(),
          readAt: `${iso()}T10:00:00Z`,
        },
        { readerId: invented.name(), role: "reader" },
      ],
      history: [
        {
          at: `${iso()}T10:00:00Z`,
          who: invented.name(),
          what: invented.word(),
          from: invented.name(),
          to: invented.name(),
        },
      ],
      verificationLog: [`${invented.word()}/${invented.word()}.dcm was repaired`],
    },
  };
}
