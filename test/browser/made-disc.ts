// A disc as hospitals burn them: two patients, an earlier study, three reconstructions, a scout, a dose screen, an index, a viewer.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type DataSet, writePart10 } from "#dicom/part10";

const SIDE = 128;

/** A drawn pelvis: air, soft tissue, bone with a brighter rim, and cement where `cement` says so. HU as stored values. */
function drawn(depth: number, cement: boolean): ArrayBuffer {
  const hu = new Int16Array(SIDE * SIDE);
  const within = (
    i: number,
    j: number,
    [x, y]: readonly [number, number],
    [a, b]: readonly [number, number],
  ) => ((i - x) / a) ** 2 + ((j - y) / b) ** 2;
  for (let j = 0; j < SIDE; j++)
    for (let i = 0; i < SIDE; i++) {
      const noise = ((i * 37 + j * 91 + depth * 53) % 41) - 20;
      const wings = Math.min(within(i, j, [38, 62], [16, 24]), within(i, j, [90, 62], [16, 24]));
      const sacrum = within(i, j, [64, 84], [22, 16]);
      const bone = Math.min(wings, sacrum);
      let value = within(i, j, [64, 66], [58, 44]) < 1 ? 45 : -1000;
      if (bone < 1) value = bone > 0.75 ? 900 : 250;
      if (cement && within(i, j, [56, 84], [6, 5]) < 1) value = 1900;
      hu[j * SIDE + i] = value + noise;
    }
  return hu.buffer;
}

interface Made {
  readonly folder: string;
  readonly slices: number;
  readonly stepMm: number;
  readonly change: DataSet;
  readonly cement?: boolean;
}

const patient = (id: string, name: string): DataSet => ({
  PatientID: id,
  PatientName: name,
  PatientSex: "F",
});
const study = (uid: string, date: string, description: string): DataSet => ({
  StudyInstanceUID: uid,
  StudyDate: date,
  StudyDescription: description,
  FrameOfReferenceUID: `${uid}.9`,
});
const jane = { ...patient("4711", "DOE^JANE"), PatientBirthDate: "19500101" };
const after = study("2.25.810", "20250110", "CT pelvis after sacroplasty");
const before = study("2.25.811", "20241121", "CT pelvis");
const named = (number: number, description: string, kernel: string, thickness: string): DataSet => ({
  SeriesInstanceUID: `2.25.82${number}`,
  SeriesNumber: String(number),
  SeriesDescription: description,
  ConvolutionKernel: kernel,
  SliceThickness: thickness,
});

const SERIES: readonly Made[] = [
  {
    folder: "S1",
    slices: 2,
    stepMm: 1,
    change: {
      ...jane,
      ...after,
      ...named(1, "Topogram 0.6 T20f", "T20f", "0.6"),
      ImageType: ["ORIGINAL", "PRIMARY", "LOCALIZER"],
    },
  },
  {
    folder: "S2",
    slices: 12,
    stepMm: 5,
    cement: true,
    change: { ...jane, ...after, ...named(2, "Pelvis 5.0 B30f", "B30f", "5") },
  },
  {
    folder: "S3",
    slices: 60,
    stepMm: 1,
    cement: true,
    change: { ...jane, ...after, ...named(3, "Pelvis 1.0 B60f", "B60f", "1") },
  },
  {
    folder: "S4",
    slices: 60,
    stepMm: 1,
    cement: true,
    change: { ...jane, ...after, ...named(4, "Pelvis 1.0 B60f iMAR", "B60f", "1") },
  },
  {
    folder: "S5",
    slices: 1,
    stepMm: 1,
    change: {
      ...jane,
      ...after,
      ...named(5, "Patient Protocol Dose Report", "", "1"),
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.7",
    },
  },
  {
    folder: "S6",
    slices: 20,
    stepMm: 3,
    change: { ...jane, ...before, ...named(6, "Pelvis 3.0 B45f", "B45f", "3"), PatientName: "DOE-ROE^JANE" },
  },
  {
    folder: "S7",
    slices: 12,
    stepMm: 2,
    change: {
      ...patient("4712", "DOE^JANE"),
      ...study("2.25.812", "20250109", "CT spine"),
      ...named(7, "Spine 2.0", "STANDARD", "2"),
    },
  },
];

function sliceOf({ folder, stepMm, change, cement }: Made, k: number): Uint8Array {
  return writePart10({
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
    SOPInstanceUID: `2.25.83${folder.slice(1)}.${k}`,
    Modality: "CT",
    ImageType: ["ORIGINAL", "PRIMARY", "AXIAL"],
    PatientPosition: "HFS",
    InstanceNumber: k + 1,
    ImagePositionPatient: [-160, -160, k * stepMm],
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    PixelSpacing: [2.5, 2.5],
    Rows: SIDE,
    Columns: SIDE,
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 1,
    RescaleIntercept: 0,
    RescaleSlope: 1,
    RescaleType: "HU",
    PixelData: drawn(k, cement ?? false),
    ...change,
  });
}

/** Writes the disc into an empty `folder`. Its index names two files that aren't there. */
export async function makeDisc(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  const write = async (path: string, bytes: Uint8Array | string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  };
  const indexed: string[][] = [
    ["IMAGES", "S4", "LOST0001"],
    ["IMAGES", "S4", "LOST0002"],
  ];
  for (const made of SERIES)
    for (let k = 0; k < made.slices; k++) {
      const path = ["IMAGES", made.folder, `IM${String(k).padStart(6, "0")}`];
      indexed.push(path);
      await write(path.join("/"), sliceOf(made, k));
    }
  await write(
    "DICOMDIR",
    writePart10({
      SOPClassUID: "1.2.840.10008.1.3.10",
      SOPInstanceUID: "2.25.80",
      FileSetID: "DISC",
      DirectoryRecordSequence: indexed.map((fileId) => ({
        RecordInUseFlag: 0xffff,
        DirectoryRecordType: "IMAGE",
        ReferencedFileID: fileId,
      })),
    }),
  );
  await write("autorun.inf", "[autorun]\nopen=viewer\\viewer.exe\n");
  await write("viewer/viewer.exe", "MZ, a viewer for another system");
  await write("viewer/help.pdf", "%PDF-1.4 how to use it");
  await write(
    "preview.jpg",
    Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1]),
  );
}
