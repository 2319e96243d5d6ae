// CharLS with its encoder, which only the making of the series needs: the package carries no types.
declare module "@cornerstonejs/codec-charls/wasmjs" {
  const factory: unknown;
  export default factory;
}
