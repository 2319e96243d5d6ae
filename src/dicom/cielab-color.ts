// Recommended Display CIELab Value (PS3.3 C.10.7.1.1) from and to sRGB: L* a* b* under D50, as three 16-bit numbers.

/** sRGB to XYZ, adapted from D65 to D50 by Bradford (ICC, sRGB profile). */
const XYZ_FROM_RGB = [
  [0.4360747, 0.3850649, 0.1430804],
  [0.2225045, 0.7168786, 0.0606169],
  [0.0139322, 0.0971045, 0.7141733],
] as const;
const RGB_FROM_XYZ = [
  [3.1338561, -1.6168667, -0.4906146],
  [-0.9787684, 1.9161415, 0.033454],
  [0.0719453, -0.2289914, 1.4052427],
] as const;
const WHITE_D50 = [0.9642, 1, 0.8251] as const;

type Triple = readonly [number, number, number];

const multiply = (m: readonly Triple[], [x, y, z]: Triple): Triple => {
  const row = ([a, b, c]: Triple) => a * x + b * y + c * z;
  return [row(m[0]), row(m[1]), row(m[2])];
};

const linear = (c: number): number => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const gamma = (c: number): number => (c <= 0.0031308 ? c * 12.92 : 1.055 * c ** (1 / 2.4) - 0.055);
const f = (t: number): number => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
const inverseF = (t: number): number => (t ** 3 > 216 / 24389 ? t ** 3 : (116 * t - 16) / (24389 / 27));
const unsigned16 = (fraction: number): number => Math.max(0, Math.min(65535, Math.round(fraction * 65535)));

/** "#rrggbb" to the three stored values: L* 0..100, a* and b* -128..127, each over 0..65535. */
export function cielabFromHex(hex: string): Triple {
  const channel = (at: number) => linear(parseInt(hex.slice(at, at + 2), 16) / 255);
  const [x, y, z] = multiply(XYZ_FROM_RGB, [channel(1), channel(3), channel(5)]);
  const [fx, fy, fz] = [f(x / WHITE_D50[0]), f(y / WHITE_D50[1]), f(z / WHITE_D50[2])];
  const lab: Triple = [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
  return [unsigned16(lab[0] / 100), unsigned16((lab[1] + 128) / 255), unsigned16((lab[2] + 128) / 255)];
}

/** The stored values back to "#rrggbb"; colours outside sRGB are clipped. */
export function hexFromCielab([l16, a16, b16]: Triple): string {
  const lightness = (l16 / 65535) * 100;
  const fy = (lightness + 16) / 116;
  const fx = fy + ((a16 / 65535) * 255 - 128) / 500;
  const fz = fy - ((b16 / 65535) * 255 - 128) / 200;
  const rgb = multiply(RGB_FROM_XYZ, [
    inverseF(fx) * WHITE_D50[0],
    inverseF(fy) * WHITE_D50[1],
    inverseF(fz) * WHITE_D50[2],
  ]);
  const hex = (c: number) =>
    Math.max(0, Math.min(255, Math.round(gamma(Math.max(0, c)) * 255)))
      .toString(16)
      .padStart(2, "0");
  return `#${hex(rgb[0])}${hex(rgb[1])}${hex(rgb[2])}`;
}
