// The Part 10 encoder against dicom-parser, which is not ours, and against what it must refuse.
import dicomParser from "dicom-parser";
import { describe, expect, it } from "vitest";
import { cielabFromHex, hexFromCielab } from "#dicom/cielab-color";
import { type DataSet, decimalString, writePart10 } from "#dicom/part10";
import { readWholeObject } from "#dicom/nested-items";

const identity = { SOPClassUID: "1.2.840.10008.5.1.4.1.1.2", SOPInstanceUID: "2.25.1" };
const write = (more: DataSet) => writePart10({ ...identity, ...more });

describe("a Part 10 file", () => {
  it("is read back by another library, element for element, in ascending tag order", () => {
    const bytes = write({
      SpecificCharacterSet: "ISO_IR 192",
      PatientName: "张^三=张^三",
      ImageType: ["DERIVED", "PRIMARY"],
      Rows: 513,
      ImagePositionPatient: [-1.5, 1 / 3, -123456.7890125],
      DimensionIndexPointer: 0x0062000b,
      DimensionIndexValues: [1, 70000],
      StudyID: "",
      StudyDescription: undefined,
      BitsAllocated: 8,
      PixelData: new Uint8Array([1, 2, 3]),
      DerivationImageSequence: [{ SourceImageSequence: [{ ReferencedSOPInstanceUID: "2.25.9" }, {}] }, {}],
      PerformedProcedureCodeSequence: [],
    });
    const parsed = dicomParser.parseDicom(bytes);
    expect(parsed.warnings).toEqual([]);
    const inFileOrder = Object.values(parsed.elements).toSorted((a, b) => a.dataOffset - b.dataOffset);
    const tags = inFileOrder.map((element) => element.tag);
    expect(tags).toEqual(tags.toSorted());
    expect(parsed.elements.x00020000.length).toBe(4);
    expect(parsed.uint32("x00020000")).toBe(
      parsed.elements.x00080005.dataOffset - 8 - (parsed.elements.x00020000.dataOffset + 4),
    );
    expect(parsed.string("x00080008")).toBe("DERIVED\\PRIMARY");
    expect(parsed.uint16("x00280010")).toBe(513);
    expect(parsed.string("x00200032")).toBe("-1.5\\0.33333333333333\\-123456.7890125");
    expect(parsed.attributeTag("x00209165")).toBe("x0062000b");
    expect(parsed.uint32("x00209157", 1)).toBe(70000);
    expect(parsed.elements.x00200010.length).toBe(0);
    expect(parsed.elements.x00081030).toBeUndefined();
    expect(parsed.elements.x7fe00010.length).toBe(4);
    expect(parsed.elements.x7fe00010.vr).toBe("OB");
    expect(parsed.elements.x00089124.items?.length).toBe(2);
    expect(parsed.elements.x0040a372.length).toBe(0);
    const whole = readWholeObject(bytes);
    expect(whole.ok && whole.value.root.text("x00100010")).toBe("张^三=张^三");
    expect(
      whole.ok &&
        whole.value.root
          .first("x00089124")
          ?.items("x00082112")
          .map((item) => item.string("x00081155")),
    ).toEqual(["2.25.9", ""]);
  });

  it("chooses OW and SS by the pixels' own attributes", () => {
    const parsed = dicomParser.parseDicom(
      write({
        BitsAllocated: 16,
        PixelRepresentation: 1,
        PixelPaddingValue: -2000,
        PixelData: new ArrayBuffer(4),
      }),
    );
    expect(parsed.elements.x7fe00010.vr).toBe("OW");
    expect(parsed.elements.x00280120.vr).toBe("SS");
    expect(parsed.int16("x00280120")).toBe(-2000);
  });

  it("refuses what other writers cut, drop or garble", () => {
    expect(() => write({ PatientNane: "X" })).toThrow("not a DICOM keyword");
    expect(() => write({ SeriesDescription: "x".repeat(65) })).toThrow("longer than");
    expect(() => write({ ImplementationVersionName: "x".repeat(17) })).toThrow("longer than");
    expect(() => write({ Rows: 70000 })).toThrow("can't hold");
    expect(() => write({ Rows: Number.NaN })).toThrow("can't hold");
    expect(() => write({ SliceThickness: Infinity })).toThrow("finite");
    expect(() => write({ PatientName: "é" })).toThrow("ISO_IR 192");
    expect(() => write({ DerivationImageSequence: ["x"] })).toThrow("sequence");
    expect(() => write({ PixelData: 3 })).toThrow("needs bytes");
  });
});

it("copies identifiers of the CT as they stand, too long or not", () => {
  const studyId = "a study ID of more than sixteen characters";
  expect(dicomParser.parseDicom(write({ StudyID: studyId })).string("x00200010")).toBe(studyId);
});

describe("a decimal string", () => {
  it("has at most 16 characters and is the nearest such number", () => {
    for (const value of [
      0,
      -0,
      1,
      -1 / 3,
      1e-7,
      -123456.789012345,
      9.999999999999999e22,
      -1e-300,
      Math.PI * 1e13,
    ]) {
      const text = decimalString(value);
      expect(text.length).toBeLessThanOrEqual(16);
      expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-8);
    }
    expect(decimalString(0.703125)).toBe("0.703125");
  });
});

describe("the display colour", () => {
  it("comes back the same for every channel value", () => {
    for (let c = 0; c < 256; c += 5) {
      const two = (n: number) => (n % 256).toString(16).padStart(2, "0");
      const hex = `#${two(c)}${two(3 * c + 40)}${two(255 - c)}`;
      expect(hexFromCielab(cielabFromHex(hex))).toBe(hex);
    }
  });

  it("is white at L* 100 and black at L* 0", () => {
    expect(cielabFromHex("#000000")).toEqual([0, 32896, 32896]);
    expect(cielabFromHex("#ffffff")[0]).toBe(65535);
  });
});
