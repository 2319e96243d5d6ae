// A server that is killed in mid-load and in mid-store: what came is kept, what is missing is fetched or sent, nothing twice.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Network } from "#dicom/dicomweb/network";
import { storeObjects } from "#dicom/dicomweb/store";
import { KeptSlices } from "#dicom/kept-slices";
import { type LoadOptions, loadSeries } from "#dicom/load-series";
import { readHeader } from "#dicom/read-header";
import { smallCtFiles, smallSeries } from "../unit/dicom/small-series.ts";
import { callOf, exportedCase, fromFiles, named, putIn, seriesIn, watched } from "./archive-case.ts";
import { type Orthanc, startOrthanc, whyNoOrthanc } from "./orthanc.ts";

describe.skipIf(whyNoOrthanc !== null)("an archive that is killed and comes back", () => {
  const source = smallSeries({ name: "killed", slices: 60, columns: 96, rows: 96 });
  const files = smallCtFiles(source);
  let orthanc: Orthanc;
  beforeAll(async () => {
    orthanc = await startOrthanc();
    await putIn(orthanc, files);
  });
  afterAll(() => orthanc.stop());
  let late: Promise<void> = Promise.resolve();
  afterEach(() => late);

  /** Kills the server once so many slices are there; `then` happens after that. */
  const killedAt = (slices: number, then: () => void = () => undefined): LoadOptions["decoded"] => {
    let decoded = 0;
    return () => {
      if (++decoded === slices) late = orthanc.kill().then(then);
    };
  };
  const comesBackAfter = (ms: number) => () => {
    setTimeout(() => void orthanc.start(), ms);
  };

  it("in mid-load: the loading waits and goes on by itself", async () => {
    const { network, images } = watched();
    const { series } = await seriesIn(callOf(orthanc, network), source.study.studyInstanceUid);
    const result = await loadSeries(series[0], { decoded: killedAt(12, comesBackAfter(900)) });
    const expected = await fromFiles(files);
    if (!result.ok || !expected.ok) throw new Error(result.ok ? "files" : result.problem.code);
    expect(result.value.volume).toEqual(expected.value.volume);
    // Only what was under way when it died, or was tried while it was dead, is asked for again.
    expect(images()).toBeGreaterThan(60);
    expect(images()).toBeLessThan(60 + 6 * 6);
  });

  it("in mid-load, and stays away longer: said in words, and what came is not fetched again", async () => {
    const { network, asked, images } = watched(50);
    const { series } = await seriesIn(callOf(orthanc, network), source.study.studyInstanceUid);
    const kept = new KeptSlices();
    const broken = await loadSeries(series[0], { kept, decoded: killedAt(12) });
    expect(broken.ok ? "loaded" : broken.problem.code).toBe("archive/unreachable");
    const came = kept.slices.size;
    expect(came).toBeGreaterThanOrEqual(12);
    expect(came).toBeLessThan(60);
    await late;
    await orthanc.start();
    asked.length = 0;
    const result = await loadSeries(series[0], { kept });
    const expected = await fromFiles(files);
    if (!result.ok || !expected.ok) throw new Error(result.ok ? "files" : result.problem.code);
    expect(result.value.volume).toEqual(expected.value.volume);
    expect(images()).toBe(60 - came);
  });

  it("in mid-store: storing waits, goes on by itself, and nothing is there twice", async () => {
    const { ct, objects, study } = exportedCase();
    await putIn(orthanc, ct);
    const { network, asked } = watched();
    let posts = 0;
    const killing: Network = {
      ...network,
      fetch: async (url, init) => {
        if (init.method !== "POST" || ++posts !== 2) return network.fetch(url, init);
        const sending = network.fetch(url, init);
        late = orthanc.kill().then(comesBackAfter(700));
        return sending;
      },
    };
    const outcome = await storeObjects(callOf(orthanc, killing), study, objects);
    expect(outcome.objects.map(({ state }) => state)).toEqual(["stored", "stored", "stored"]);
    expect(posts).toBeGreaterThanOrEqual(3);
    const { listed } = await seriesIn(callOf(orthanc, network), study);
    expect(listed.map(({ kind, instanceCount }) => `${kind} ${instanceCount}`).sort()).toEqual([
      "KOS 1",
      "SEG 1",
      "SR 1",
      `images ${ct.length}`,
    ]);
    asked.length = 0;
    expect((await storeObjects(callOf(orthanc, network), study, objects)).complete).toBe(true);
    expect(asked.filter((what) => what.startsWith("POST"))).toEqual([]);
  });

  it("in mid-store, and stays away longer: asked again, storing goes on with what is missing", async () => {
    const { ct, objects, study } = exportedCase();
    const other = derivedCopies([...ct, ...objects.map(({ bytes }) => bytes)]);
    expect(other).toHaveLength(ct.length + objects.length);
    const { network } = watched(50);
    let posts = 0;
    const killing: Network = {
      ...network,
      fetch: async (url, init) => {
        if (init.method === "POST" && ++posts === 5) await orthanc.kill();
        return network.fetch(url, init);
      },
    };
    const all = named(other);
    const broken = await storeObjects(callOf(orthanc, killing), study, all);
    expect(broken.complete).toBe(false);
    expect(broken.objects.map(({ state }) => state)).toEqual([
      ...Array(4).fill("stored"),
      ...Array(other.length - 4).fill("not-sent"),
    ]);
    expect(broken.objects[4].problem?.code).toBe("archive/unreachable");
    await orthanc.start();
    const rest = await storeObjects(callOf(orthanc, network), study, all);
    expect(rest.objects.map(({ state }) => state)).toEqual([
      ...Array(4).fill("already-there"),
      ...Array(other.length - 4).fill("stored"),
    ]);
  });
});

/** The same objects under other instance UIDs of the same length. */
function derivedCopies(all: readonly Uint8Array[]): Uint8Array[] {
  return all.map((file) => {
    const header = readHeader(file, "file");
    if (!header.ok) throw new Error(header.problem.code);
    const uid = header.value.sopInstanceUid;
    const text = Buffer.from(file).toString("latin1");
    const other = `${uid.slice(0, -1)}${(Number(uid.at(-1)) + 1) % 10}`;
    return new Uint8Array(Buffer.from(text.replaceAll(uid, other), "latin1"));
  });
}
