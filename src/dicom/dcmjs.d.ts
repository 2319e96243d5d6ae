// The part of dcmjs that this project uses; the package ships no types of its own.
declare module "dcmjs" {
  interface DicomDict {
    dict: unknown;
    meta: unknown;
    write(options?: { fragmentMultiframe?: boolean }): ArrayBuffer;
  }
  interface Dcmjs {
    data: {
      DicomMetaDictionary: {
        nameMap: Readonly<Record<string, { vr: string } | undefined>>;
        denaturalizeDataset(dataSet: unknown): unknown;
        naturalizeDataset(dict: unknown): Record<string, unknown>;
      };
      DicomDict: new (meta: unknown) => DicomDict;
      DicomMessage: { readFile(bytes: ArrayBuffer): DicomDict };
    };
  }
  const dcmjs: Dcmjs;
  export default dcmjs;
}
