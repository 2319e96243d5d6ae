// The JPEG-LS decoder gives what CharLS gives, on images that CharLS' own encoder wrote; a damaged stream is refused at once.
import { createRequire } from "node:module";
import { beforeAll, describe, expect, it } from "vitest";
import { decodeJpegLs } from "#dicom/jpeg-ls";

interface Encoder {
  getDecodedBuffer(frame: object): Uint8Array;
  setNearLossless(near: number): void;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
}
interface Decoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array;
}
interface CharLs {
  readonly JpegLSEncoder: new () => Encoder;
  readonly JpegLSDecoder: new () => Decoder;
}

/** 0 to 1, from a seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Flat areas (runs), slopes, noise and edges in one image. */
function drawn(rows: number, columns: number, bits: number, random: () => number): Uint16Array {
  const most = 2 ** bits - 1;
  const [flat, noise, edge] = [random() * most, random() * random() * most * 0.2, columns * random()];
  return Uint16Array.from({ length: rows * columns }, (_, n) => {
    const i = n % columns;
    const j = (n / columns) | 0;
    const base = i < edge ? flat : most * ((i + j) / (rows + columns));
    const value = j % 5 < 2 ? base : base + (random() - 0.5) * noise;
    return Math.max(0, Math.min(most, Math.round(value)));
  });
}

describe("JPEG-LS", () => {
  let charls: CharLs;
  beforeAll(async () => {
    // The package carries no types; the shape is that of its embind classes.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const start = createRequire(import.meta.url)("@cornerstonejs/codec-charls") as () => Promise<CharLs>;
    charls = await start();
  });

  function encoded(samples: Uint16Array, rows: number, columns: number, bits: number, near: number) {
    const encoder = new charls.JpegLSEncoder();
    const frame = {
      width: columns,
      height: rows,
      bitsPerSample: bits,
      componentCount: 1,
      isSigned: false,
    };
    const bytes = bits > 8 ? new Uint8Array(samples.buffer) : Uint8Array.from(samples);
    encoder.getDecodedBuffer(frame).set(bytes);
    encoder.setNearLossless(near);
    encoder.encode();
    return encoder.getEncodedBuffer().slice();
  }

  it("decodes 400 images of every depth and nearness as CharLS does, and within the nearness of the original", () => {
    const random = randomOf(7);
    for (let n = 0; n < 400; n++) {
      const bits = 2 + Math.floor(random() * 15);
      const most = 2 ** bits - 1;
      const near = Math.min(Math.floor(random() * 9), most >> 1);
      const rows = 1 + Math.floor(random() * 40);
      const columns = 1 + Math.floor(random() * 60);
      const samples = drawn(rows, columns, bits, random);
      const stream = encoded(samples, rows, columns, bits, near);
      const ours = decodeJpegLs(stream);
      const decoder = new charls.JpegLSDecoder();
      decoder.getEncodedBuffer(stream.length).set(stream);
      decoder.decode();
      const theirs = decoder.getDecodedBuffer().slice();
      const image = {
        what: `${n}, near ${near}`,
        columns,
        rows,
        bitsPerSample: bits,
        samples: bits > 8 ? new Uint16Array(theirs.buffer) : Uint16Array.from(theirs),
      };
      expect({ what: image.what, ...ours }).toEqual(image);
      const worst = samples.reduce((far, value, at) => Math.max(far, Math.abs(value - ours.samples[at])), 0);
      expect(worst).toBeLessThanOrEqual(near);
    }
  });

  it("refuses or reads 3,000 damaged streams, none of which takes longer than a sound one would", () => {
    const random = randomOf(11);
    const [rows, columns] = [64, 64];
    const streams = [0, 3].map((near) => encoded(drawn(rows, columns, 12, random), rows, columns, 12, near));
    let refused = 0;
    let longestMs = 0;
    for (let n = 0; n < 3000; n++) {
      const damaged = streams[n % 2].slice(0, n % 7 === 0 ? 40 + Math.floor(random() * 400) : undefined);
      for (let times = 0; times <= n % 6; times++)
        damaged[30 + Math.floor(random() * (damaged.length - 30))] = Math.floor(random() * 256);
      const beganMs = performance.now();
      try {
        expect(decodeJpegLs(damaged).samples).toHaveLength(rows * columns);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
        refused++;
      }
      longestMs = Math.max(longestMs, performance.now() - beganMs);
    }
    expect(refused).toBeGreaterThan(1000);
    expect(longestMs).toBeLessThan(1000);
  });

  it.each([
    ["mapping tables", [0xff, 0xf8, 0, 6, 2, 1, 1, 0], "mapping table"],
    ["restart intervals", [0xff, 0xdd, 0, 4, 0, 5], "restart intervals"],
  ])("names %s, which no CT is written with", (_what, segment, word) => {
    const stream = encoded(new Uint16Array(16), 4, 4, 12, 2);
    expect(() =>
      decodeJpegLs(Uint8Array.from([...stream.slice(0, 2), ...segment, ...stream.slice(2)])),
    ).toThrow(word);
  });

  it("honours presets that the stream states, as CharLS does", () => {
    const samples = drawn(30, 30, 12, randomOf(3));
    const stream = encoded(samples, 30, 30, 12, 0);
    // MAXVAL 4095, T1 to T3 and RESET of the default, stated: the same stream. Another RESET: another reading, or none.
    const stated = (reset: number) =>
      Uint8Array.from([
        ...stream.slice(0, 2),
        ...[0xff, 0xf8, 0, 13, 1, 0x0f, 0xff, 0, 18, 0, 67, 1, 20, 0, reset],
        ...stream.slice(2),
      ]);
    expect(decodeJpegLs(stated(64)).samples).toEqual(samples);
    let other: Uint16Array | null = null;
    try {
      other = decodeJpegLs(stated(20)).samples;
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
    }
    expect(other).not.toEqual(samples);
  });
});
