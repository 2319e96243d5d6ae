// Claims about which reconstruction is proposed, with which reasons, and what is kept apart from the CT volumes.
import { describe, expect, it } from "vitest";
import type { DataSet } from "#dicom/part10";
import { readFiles } from "#dicom/open-files";
import { seriesFiles } from "./synthetic-ct.ts";

interface Made {
  readonly slices?: number;
  readonly stepMm?: number;
  readonly change: DataSet;
}

/** Series by name in the order in which they are listed. */
async function listed(made: Readonly<Record<string, Made>>) {
  const files = Object.entries(made).flatMap(([prefix, { change, ...stack }], n) =>
    seriesFiles({
      prefix,
      ...stack,
      change: { SeriesInstanceUID: `2.25.30${n}`, SeriesDescription: prefix, ...change },
    }),
  );
  const { series } = await readFiles(files);
  return series.map(({ summary }) => summary);
}
const namesOf = async (made: Readonly<Record<string, Made>>) =>
  (await listed(made)).map(({ seriesDescription }) => seriesDescription);

const bone = { ConvolutionKernel: "BONE", SliceThickness: "1" };
const soft = { ConvolutionKernel: "STANDARD", SliceThickness: "1" };

describe("the reconstruction that is proposed", () => {
  it("is thin before thick, then bone kernel, then reduced metal artefacts, then finer", async () => {
    const order = await namesOf({
      "Thick bone": { stepMm: 5, slices: 20, change: { ...bone, SliceThickness: "5" } },
      Soft: { slices: 100, change: soft },
      Bone: { slices: 100, change: bone },
      "Bone iMAR": { slices: 100, change: bone },
      "Soft fine": { stepMm: 0.6, slices: 160, change: { ...soft, SliceThickness: "0.6" } },
      Lung: { slices: 100, change: { ...soft, ConvolutionKernel: "LUNG" } },
    });
    expect(order).toEqual(["Bone iMAR", "Bone", "Soft fine", "Soft", "Lung", "Thick bone"]);
  });

  it("says why in its merits; overlapping thick slices are not thin", async () => {
    const [first, second] = await listed({
      "Bone SEMAR": { slices: 100, change: bone },
      Overlapping: { slices: 100, change: { ...soft, SliceThickness: "3" } },
    });
    expect(first.merits).toEqual(["thin", "bone-kernel", "metal-artefact-reduction"]);
    expect(second.merits).toEqual([]);
  });

  it("covers the bone: a short thin stack comes after a long thicker one, a reformat after acquired slices", async () => {
    const order = await namesOf({
      Biopsy: { slices: 8, change: bone },
      Whole: { stepMm: 3, slices: 40, change: { ...soft, SliceThickness: "3" } },
      Coronal: { slices: 120, change: { ...bone, ImageType: ["DERIVED", "SECONDARY", "REFORMATTED"] } },
    });
    expect(order).toEqual(["Whole", "Coronal", "Biopsy"]);
  });

  it("has HU: values of another scale come after it, however thin", async () => {
    const order = await namesOf({
      "Cone beam": { slices: 100, change: { ...bone, RescaleType: "US" } },
      Thick: { stepMm: 5, slices: 20, change: { ...soft, SliceThickness: "5" } },
    });
    expect(order).toEqual(["Thick", "Cone beam"]);
  });

  it("takes the words of four vendors for metal artefact reduction, and no month, denial or other word", async () => {
    const words: Readonly<Record<string, boolean>> = {
      "1.0 Br59 iMAR": true,
      "BONE O-MAR": true,
      "Bone SEMAR": true,
      "Axial Smart MAR": true,
      "BONE MAR": true,
      "Metal Artifact Reduction": true,
      "CT 12 MAR 2020": false,
      "MAR 2020 control": false,
      PRIMARY: false,
      Marrow: false,
      "without iMAR": false,
      "no MAR": false,
      Femar: false,
    };
    const series = await listed(
      Object.fromEntries(Object.keys(words).map((name) => [name, { slices: 4, change: soft }])),
    );
    const found = series.map(({ seriesDescription, merits }) => [
      seriesDescription,
      merits.includes("metal-artefact-reduction"),
    ]);
    expect(Object.fromEntries(found)).toEqual(words);
  });
});

describe("what is kept apart", () => {
  it("is scouts, captures, dose screens, a few slices and other modalities; a broken CT is not", async () => {
    const capture = { SOPClassUID: "1.2.840.10008.5.1.4.1.1.7" };
    const series = await listed({
      Topogram: { slices: 2, change: { ImageType: ["ORIGINAL", "PRIMARY", "LOCALIZER"] } },
      Screen: { slices: 1, change: capture },
      "Dose report": { slices: 1, change: capture },
      Monitoring: { slices: 1, change: {} },
      MR: { slices: 6, change: { Modality: "MR", SOPClassUID: "1.2.840.10008.5.1.4.1.1.4" } },
      Unplaced: { slices: 6, change: { ImagePositionPatient: "" } },
      CT: { slices: 6, change: {} },
    });
    expect(
      Object.fromEntries(series.map((one) => [one.seriesDescription, [one.aside, one.openable]])),
    ).toEqual({
      CT: [null, true],
      Topogram: ["localizer", false],
      Screen: ["capture", false],
      "Dose report": ["dose", false],
      Monitoring: ["few-slices", false],
      MR: ["other-modality", false],
      Unplaced: [null, false],
    });
    expect(series[0].seriesDescription).toBe("CT");
  });
});
