// The part of dcmjs that this project uses: the data dictionary. The package ships no types of its own.
declare module "dcmjs" {
  interface Dcmjs {
    data: {
      DicomMetaDictionary: {
        /** By keyword. `tag` as "(gggg,eeee)"; `vr` also "ox", "xs" where it depends on other attributes. */
        nameMap: Readonly<Record<string, { readonly tag: string; readonly vr: string } | undefined>>;
      };
    };
  }
  const dcmjs: Dcmjs;
  export default dcmjs;
}
