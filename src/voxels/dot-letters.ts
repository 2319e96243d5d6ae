// Letters of five by eight dots, so that a picture can say what it shows without a font file.

export interface RgbImage {
  readonly width: number;
  readonly height: number;
  /** Three bytes a pixel, row by row from the top. */
  readonly rgb: Uint8Array;
}

export type Rgb = readonly [number, number, number];

/** Characters from space to "z": five columns each, lowest bit on top. */
const COLUMNS =
  "0000000000 00005f0000 0007000700 147f147f14 242a7f2a12 2313086462 3649562050 0008070300 001c224100 0041221c00 " +
  "2a1c7f1c2a 08083e0808 0080703000 0808080808 0000606000 2010080402 3e5149453e 00427f4000 7249494946 2141494d33 " +
  "1814127f10 2745454539 3c4a494931 4121110907 3649494936 464949291e 0000140000 0040340000 0008142241 1414141414 " +
  "0041221408 0201590906 3e415d594e 7c1211127c 7f49494936 3e41414122 7f4141413e 7f49494941 7f09090901 3e41415173 " +
  "7f0808087f 00417f4100 2040413f01 7f08142241 7f40404040 7f021c027f 7f0408107f 3e4141413e 7f09090906 3e4151215e " +
  "7f09192946 2649494932 03017f0103 3f4040403f 1f2040201f 3f4038403f 6314081463 0304780403 6159494d43 007f414141 " +
  "0204081020 004141417f 0402010204 4040404040 0003070800 2054547840 7f28444438 3844444428 384444287f 3854545418 " +
  "00087e0902 18a4a49c78 7f08040478 00447d4000 2040403d00 7f10284400 00417f4000 7c04780478 7c08040478 3844444438 " +
  "fc18242418 18242418fc 7c08040408 4854545424 04043f4424 3c4040207c 1c2040201c 3c4030403c 4428102844 4c9090907c " +
  "4464544c44";
const GLYPHS = COLUMNS.split(" ").map((hex) =>
  Array.from({ length: 5 }, (_, n) => Number.parseInt(hex.slice(2 * n, 2 * n + 2), 16)),
);
const CUBED = [0x15, 0x15, 0x1f, 0, 0];
const UNKNOWN = [0x7f, 0x41, 0x41, 0x41, 0x7f];

const glyphOf = (character: string): readonly number[] =>
  character === "³" ? CUBED : (GLYPHS[character.charCodeAt(0) - 32] ?? UNKNOWN);

const ADVANCE = 6;
export const textWidth = (text: string, scale: number): number => text.length * ADVANCE * scale;
export const lineHeight = (scale: number): number => 11 * scale;

/** Words on lines of at most `width` pixels. */
export function wrapped(text: string, width: number, scale: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(`${last} ${word}`, scale) <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Filled rectangle, cut to the image. */
export function fillBox(
  image: RgbImage,
  x0: number,
  y0: number,
  width: number,
  height: number,
  rgb: Rgb,
): void {
  for (let y = Math.max(0, y0); y < Math.min(image.height, y0 + height); y++)
    for (let x = Math.max(0, x0); x < Math.min(image.width, x0 + width); x++)
      image.rgb.set(rgb, (y * image.width + x) * 3);
}

/** One line of text, its upper left corner at (x, y); `backing` is laid under it. */
export function drawText(
  image: RgbImage,
  text: string,
  at: { readonly x: number; readonly y: number },
  { scale, rgb, backing }: { readonly scale: number; readonly rgb: Rgb; readonly backing?: Rgb },
): void {
  if (backing) fillBox(image, at.x - scale, at.y - scale, textWidth(text, scale) + scale, 9 * scale, backing);
  text.split("").forEach((character, n) =>
    glyphOf(character).forEach((bits, column) => {
      for (let row = 0; row < 8; row++)
        if ((bits >> row) & 1)
          fillBox(image, at.x + (n * ADVANCE + column) * scale, at.y + row * scale, scale, scale, rgb);
    }),
  );
}
