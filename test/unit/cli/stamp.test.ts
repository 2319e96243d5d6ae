// The second start does only what changed: stamps notice contents, names, missing results and failures.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hashOfPaths, makeWhenChanged } from "../../../src/cli/stamp.mjs";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "clv-stamp-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("hashOfPaths", () => {
  it("changes with a content, a name and a missing file, not with a second look", async () => {
    await writeFile(join(folder, "a"), "1");
    const first = await hashOfPaths(folder, ["."]);
    expect(await hashOfPaths(folder, ["."])).toBe(first);
    await writeFile(join(folder, "a"), "2");
    const second = await hashOfPaths(folder, ["."]);
    await writeFile(join(folder, "b"), "");
    const third = await hashOfPaths(folder, ["."]);
    expect(new Set([first, second, third, await hashOfPaths(folder, ["a", "gone"])]).size).toBe(4);
  });
});

describe("makeWhenChanged", () => {
  it("makes once for one hash, again for another, and again when the result is gone", async () => {
    const stampFile = join(folder, "x.stamp");
    let made = 0;
    const make = async () => void made++;
    const run = (hash: string, outputExists: boolean) =>
      makeWhenChanged({ stampFile, hash, outputExists, make });
    expect(await run("one", false)).toBe(true);
    expect(await run("one", true)).toBe(false);
    expect(await run("two", true)).toBe(true);
    expect(await run("two", false)).toBe(true);
    expect(made).toBe(3);
  });

  it("forgets the stamp when making fails, so that the next start tries again", async () => {
    const stampFile = join(folder, "x.stamp");
    await makeWhenChanged({ stampFile, hash: "one", outputExists: true, make: async () => {} });
    const fails = async () => Promise.reject(new Error("no"));
    await expect(
      makeWhenChanged({ stampFile, hash: "two", outputExists: true, make: fails }),
    ).rejects.toThrow("no");
    expect(await makeWhenChanged({ stampFile, hash: "one", outputExists: true, make: async () => {} })).toBe(
      true,
    );
  });
});
