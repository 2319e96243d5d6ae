// Writes DICOM Part 10 files (PS3.10) through dcmjs, from plain data sets keyed by keyword.
import dcmjs from "dcmjs";

type DataValue = string | number | ArrayBuffer | DataSet;

/** A data set by DICOM keyword ("PatientName"); sequences are arrays of data sets, binary values ArrayBuffers. */
export interface DataSet {
  [keyword: string]: DataValue | readonly DataValue[] | undefined;
}

export const EXPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";
/** Identifies this implementation in the file meta header (PS3.10 7.1). Under the project's own 2.25 root. */
export const IMPLEMENTATION_CLASS_UID = "2.25.253034361491743159257768606944040481667";

/**
 * Encodes one instance as an Explicit VR Little Endian Part 10 file with preamble and meta header.
 * `dataSet` needs SOPClassUID and SOPInstanceUID. Undefined entries are left out; the order of keys does not matter.
 * Throws an Error on a keyword that is not in the dictionary, and on text longer than its value representation allows:
 * dcmjs would drop or cut it.
 */
export function writePart10(dataSet: DataSet): Uint8Array {
  const meta = dcmjs.data.DicomMetaDictionary;
  const fileMeta = {
    FileMetaInformationVersion: new Uint8Array([0, 1]).buffer,
    MediaStorageSOPClassUID: dataSet.SOPClassUID,
    MediaStorageSOPInstanceUID: dataSet.SOPInstanceUID,
    TransferSyntaxUID: EXPLICIT_VR_LITTLE_ENDIAN,
    ImplementationClassUID: IMPLEMENTATION_CLASS_UID,
    ImplementationVersionName: "CEMENTVIEW_1",
  };
  const dict = new dcmjs.data.DicomDict(meta.denaturalizeDataset(fileMeta));
  dict.dict = meta.denaturalizeDataset(prepared(dataSet, dataSet.PixelRepresentation === 1));
  return new Uint8Array(dict.write({ fragmentMultiframe: false }));
}

/** The longest value of each text representation, in characters (PS3.5 table 6.2-1). */
const MAXIMUM_CHARACTERS: Readonly<Record<string, number>> = {
  AE: 16,
  CS: 16,
  DS: 16,
  IS: 12,
  LO: 64,
  LT: 10240,
  SH: 16,
  ST: 1024,
  UI: 64,
};

/** Leaves undefined entries out, checks keywords and lengths, and states the representations that depend on other attributes. */
function prepared(dataSet: DataSet, signedPixels: boolean): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  const chosen: Record<string, string> = {};
  for (const [keyword, value] of Object.entries(dataSet)) {
    if (value === undefined) continue;
    const vr = dcmjs.data.DicomMetaDictionary.nameMap[keyword]?.vr;
    if (vr === undefined) throw new Error(`${keyword} is not a DICOM keyword`);
    // PS3.5 A.2: Pixel Data is OB where Bits Allocated is at most 8, else OW. US or SS follows Pixel Representation.
    if (vr === "ox") chosen[keyword] = Number(dataSet.BitsAllocated) > 8 ? "OW" : "OB";
    if (vr === "xs") chosen[keyword] = signedPixels ? "SS" : "US";
    const values = isList(value) ? value : [value];
    const limit = MAXIMUM_CHARACTERS[vr];
    for (const entry of values) {
      if (limit !== undefined && typeof entry === "string" && entry.length > limit)
        throw new Error(`${keyword} is longer than ${limit} characters: ${entry}`);
    }
    const one = (entry: DataValue): unknown => {
      if (isDataSet(entry)) return prepared(entry, signedPixels);
      return vr === "DS" && typeof entry === "number" ? decimalString(entry) : entry;
    };
    out[keyword] = isList(value) ? value.map(one) : one(value);
  }
  if (Object.keys(chosen).length > 0) out._vrMap = chosen;
  return out;
}

const isList = (value: DataValue | readonly DataValue[]): value is readonly DataValue[] =>
  Array.isArray(value);
const isDataSet = (value: DataValue): value is DataSet =>
  typeof value === "object" && !(value instanceof ArrayBuffer);

/** The DS text (at most 16 characters) nearest to `value`; equal text reads back to the same number where 16 characters allow. */
export function decimalString(value: number): string {
  for (let digits = 17; digits > 0; digits--) {
    const text = digits === 17 ? String(value) : String(Number(value.toPrecision(digits)));
    if (text.length <= 16) return text;
  }
  return "0";
}
