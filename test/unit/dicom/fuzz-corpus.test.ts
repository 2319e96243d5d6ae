// Every input that the fuzz run ever stumbled over is read or refused as it should be, as are the first few hundred of a fresh seed.
import { readFileSync, readdirSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { provideInstalledCodecs } from "../../../src/cli/codec-files.ts";
import { fuzzInput } from "../../../src/cli/fuzz-mutations.ts";
import { runInput } from "../../../src/cli/fuzz-run.ts";
import { fuzzSources } from "../../../src/cli/fuzz-sources.ts";

const CORPUS = new URL("fuzz-corpus/", import.meta.url);
const INPUTS = 300;

describe("the fuzz corpus", () => {
  beforeAll(provideInstalledCodecs);

  it.each(readdirSync(CORPUS))("%s", async (name) => {
    const bytes = new Uint8Array(readFileSync(new URL(name, CORPUS)));
    expect(await runInput([{ name, bytes }])).toBeNull();
  });
});

describe("fuzz inputs", () => {
  beforeAll(provideInstalledCodecs);
  const sources = fuzzSources();

  it("are the same from the same seed and number, and others from others", () => {
    const bytesOf = (seed: number, index: number) =>
      fuzzInput(seed, index, sources).map(({ bytes }) => bytes);
    expect(bytesOf(3, 14)).toEqual(bytesOf(3, 14));
    expect(bytesOf(3, 14)).not.toEqual(bytesOf(3, 15));
    expect(bytesOf(3, 14)).not.toEqual(bytesOf(4, 14));
  });

  it(`are read or refused, ${INPUTS} of them`, async () => {
    const findings: string[] = [];
    for (let index = 0; index < INPUTS; index++) {
      const what = await runInput(fuzzInput(20, index, sources));
      if (what) findings.push(`${index}: ${what}`);
    }
    expect(findings).toEqual([]);
  });
});
