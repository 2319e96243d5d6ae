// The codec packages carry no types: each is a factory of an Emscripten module.
declare module "@cornerstonejs/codec-charls/decodewasmjs" {
  const factory: unknown;
  export default factory;
}
declare module "@cornerstonejs/codec-openjpeg/decodewasmjs" {
  const factory: unknown;
  export default factory;
}
declare module "@cornerstonejs/codec-openjph/wasmjs" {
  const factory: unknown;
  export default factory;
}
declare module "@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs" {
  const factory: unknown;
  export default factory;
}

// Its types are not in the package that it publishes.
declare module "jpeg-lossless-decoder-js" {
  export class Decoder {
    readonly frame: { readonly dimX: number; readonly dimY: number };
    decode(
      buffer: ArrayBuffer,
      offset: number,
      length: number,
      bytesPerComponent: number,
    ): Uint8Array | Uint16Array;
  }
}

// Vite gives the address of a file that it puts beside the page.
declare module "*?url" {
  const url: string;
  export default url;
}
