// Planted identities once more, through the plugin's own verbs and every way in which a teaching case leaves. An export is added by a line.
import { inflateSync } from "node:zlib";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { earlierCt, fluoroscopy } from "../dicom/other-study.ts";
import { plantedAttributes } from "../dicom/planted-study.ts";
import { createCollecting } from "../../../plugins/cement-leakage/reading/teaching/collect.ts";
import { taughtCase } from "./taught-case.ts";

type Taught = Awaited<ReturnType<typeof taughtCase>>;
interface Output {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const saved =
  (form: Parameters<Taught["teaching"]["save"]>[0]) =>
  async (made: Taught): Promise<Output[]> => {
    const before = made.saved.length;
    await made.teaching.save(form);
    return made.saved.slice(before);
  };

/** What each export hands out; none may hand out nothing. */
const EXPORTS: Readonly<Record<string, (made: Taught) => Promise<Output[]>>> = {
  "the offline page": saved("html"),
  "the zip with DICOM, findings and page": saved("zip"),
  "the MIRC document with its pictures": saved("mirc"),
  "the figures for slides": saved("figures"),
  "a quiz of several cases": async (made) => {
    const [page] = await saved("html")(made);
    const before = made.saved.length;
    const collecting = createCollecting(made.reading.host);
    const file = new File([page.bytes.slice()], "case.html");
    await collecting.add([{ path: `${made.invented.word()}/${made.invented.word()}.html`, file }]);
    collecting.save();
    return made.saved.slice(before);
  },
};

/** An attribute that no row names: what a sequence of its own would carry out. */
const NESTED = "FilterMaterial";

describe("a teaching case of files full of invented identities", () => {
  let made: Taught;
  const outputs = new Map<string, Output[]>();
  let originals: readonly Output[] = [];

  beforeAll(async () => {
    // The case's key decides its date shift and UIDs. Dates of images that are cropped away are not read, and a moved date may be
    // one of them by chance: the planted ones lie 17 days apart. So every run has the same key.
    vi.spyOn(crypto, "getRandomValues").mockImplementation((array) => {
      new Uint8Array(array.buffer, array.byteOffset, array.byteLength).fill(5);
      return array;
    });
    // The viewer opens the CT, so it keeps what says how its voxels lie; the other studies say everything that DICOM can say.
    made = await taughtCase({
      more: (invented) => {
        const planted = plantedAttributes(invented, NESTED);
        return (k) => planted(k + 1);
      },
    });
    const { invented, teaching, reading, choose } = made;
    const { patient } = reading.host.scene.get().series!;
    const planted = plantedAttributes(invented, NESTED);
    const [during, earlier] = [invented.date(), invented.date()];
    const others = [
      fluoroscopy({ patient, date: during, name: invented.word(), more: withPixels(planted(0)) }),
      ...earlierCt({ patient, date: earlier, name: invented.word(), more: withPixels(planted(1)) }),
    ];
    originals = others;
    choose(others.map(({ name, bytes }) => ({ path: name, file: new File([bytes.slice()], name) })));
    await teaching.begin();
    await teaching.privacy.addStudies("folder");
    for (const { series } of teaching.privacy.state.get().others)
      for (const image of series.images) {
        for (let n = 0; n < image.frames; n++) teaching.privacy.saw(image, n);
        teaching.privacy.sayNothingFound(image, true);
      }
    for (const [name, hand] of Object.entries(EXPORTS)) outputs.set(name, await hand(made));
    const { problem, report } = teaching.state.get();
    if (problem) throw new Error(`${problem.code} ${JSON.stringify(problem.details)}`);
    expect(report?.found.map(({ value, where }) => `${value.text} of ${value.from} in ${where}`)).toEqual([]);
  }, 240_000);

  afterAll(() => vi.restoreAllMocks());

  it("has more than 300 of them, of at least four characters, and the search looks for them", () => {
    const { values } = made.invented;
    expect(values.length).toBeGreaterThan(300);
    expect(values.every((value) => Array.from(value).length >= 4)).toBe(true);
    expect(made.teaching.state.get().report?.values).toBeGreaterThan(300);
  });

  it("is looked through by a search that finds hundreds of them in a file as it was", () => {
    expect(plantedIn(originals[0].bytes, made.invented.values).length).toBeGreaterThan(300);
  });

  it.each(Object.keys(EXPORTS))("leaves none of them in any byte, opened stream or name of %s", (name) => {
    const files = outputs.get(name) ?? [];
    expect(files.length).toBeGreaterThan(0);
    const streams = files.flatMap(opened);
    expect(streams.length).toBeGreaterThan(files.length);
    const found = streams.flatMap(({ name: where, bytes }) =>
      [
        ...plantedIn(bytes, made.invented.values),
        ...plantedIn(new TextEncoder().encode(where), made.invented.values),
      ].map((value) => `${value} in ${where}`),
    );
    expect(found).toEqual([]);
  });
});

/** Values that stand in the bytes, in UTF-8, Latin-1 or UTF-16: found by their first four bytes, with nothing of the program's own search. */
function plantedIn(bytes: Uint8Array, values: readonly string[]): string[] {
  const index = indexOf(values);
  const text = Buffer.from(bytes).toString("latin1");
  const found = new Set<string>();
  for (let at = 0; at + 4 <= text.length; at++)
    for (const { pattern, value } of index.get(text.slice(at, at + 4)) ?? [])
      if (text.startsWith(pattern, at)) found.add(value);
  return [...found];
}

type PrefixIndex = ReadonlyMap<string, readonly { readonly pattern: string; readonly value: string }[]>;
const indexes = new WeakMap<readonly string[], PrefixIndex>();

function indexOf(values: readonly string[]): PrefixIndex {
  const known = indexes.get(values);
  if (known) return known;
  const index = new Map<string, { pattern: string; value: string }[]>();
  for (const value of values)
    for (const encoding of ["utf8", "latin1", "utf16le"] as const) {
      // A sign that Latin-1 lacks would be written as another.
      if (encoding === "latin1" && Array.from(value).some((sign) => sign.charCodeAt(0) > 0xff)) continue;
      const pattern = Buffer.from(value, encoding).toString("latin1");
      index.set(pattern.slice(0, 4), [...(index.get(pattern.slice(0, 4)) ?? []), { pattern, value }]);
    }
  indexes.set(values, index);
  return index;
}

/** Planted everywhere but where a picture says how its pixels are stored, and who it is of. */
function withPixels(planted: Record<string, unknown>): Record<string, never> {
  const kept = Object.entries(planted).filter(
    ([keyword]) =>
      !/^(SOPInstanceUID|StudyDate|ContentDate|SeriesDate|Patient(Name|ID|BirthDate|Sex|Age)|ImageType|Modality)$/.test(
        keyword,
      ) && !/^(PositionerMotion|RadiationSetting|PixelIntensityRelationship|Laterality)$/.test(keyword),
  );
  return Object.fromEntries(kept) as Record<string, never>; // values of one data set go into another
}

/** The file, what is packed in it, and what is packed in that. */
function opened({ name, bytes }: Output): Output[] {
  const starts = (...signature: number[]) => signature.every((byte, n) => bytes[n] === byte);
  const inside = starts(0x50, 0x4b)
    ? Object.entries(unzipSync(bytes)).map(([entry, content]) => ({ name: entry, bytes: content }))
    : starts(0x89, 0x50, 0x4e, 0x47)
      ? [{ name: `${name} pixels`, bytes: pixelsOf(bytes) }]
      : /\.(html|xml|json|svg)$/.test(name)
        ? [
            ...Buffer.from(bytes)
              .toString("utf8")
              .matchAll(/[A-Za-z0-9+/]{200,}={0,2}/g),
          ].map(([run], n) => ({
            name: `${name} base64 ${n}`,
            bytes: new Uint8Array(Buffer.from(run, "base64")),
          }))
        : [];
  return [{ name, bytes }, ...inside.flatMap(opened)];
}

function pixelsOf(png: Uint8Array): Uint8Array {
  const data: Uint8Array[] = [];
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  for (let at = 8; at < png.length; at += 12 + view.getUint32(at))
    if (Buffer.from(png.subarray(at + 4, at + 8)).toString("latin1") === "IDAT")
      data.push(png.subarray(at + 8, at + 8 + view.getUint32(at)));
  return new Uint8Array(inflateSync(Buffer.concat(data)));
}
