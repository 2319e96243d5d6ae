// Writes DICOM Part 10 files (PS3.10) through dcmjs, from plain data sets keyed by keyword.
import dcmjs from "dcmjs";

/** A data set by DICOM keyword ("PatientName"); sequences are arrays of data sets, binary values ArrayBuffers. */
export interface DataSet {
  [keyword: string]:
    | string
    | number
    | ArrayBuffer
    | DataSet
    | readonly (string | number | ArrayBuffer | DataSet)[]
    | undefined;
}

export const EXPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";
/** Identifies this implementation in the file meta header (PS3.10 7.1). Under the project's own 2.25 root. */
export const IMPLEMENTATION_CLASS_UID = "2.25.253034361491743159257768606944040481667";

/**
 * Encodes one instance as an Explicit VR Little Endian Part 10 file with preamble and meta header.
 * `dataSet` needs SOPClassUID and SOPInstanceUID. Undefined entries are left out; the order of keys does not matter.
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
  dict.dict = meta.denaturalizeDataset(withoutUndefined(dataSet));
  return new Uint8Array(dict.write({ fragmentMultiframe: false }));
}

function withoutUndefined(dataSet: DataSet): DataSet {
  const out: DataSet = {};
  for (const [keyword, value] of Object.entries(dataSet)) {
    if (value === undefined) continue;
    out[keyword] = Array.isArray(value)
      ? value.map((item) => (isDataSet(item) ? withoutUndefined(item) : item))
      : isDataSet(value)
        ? withoutUndefined(value)
        : value;
  }
  return out;
}

const isDataSet = (value: unknown): value is DataSet =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof ArrayBuffer);
