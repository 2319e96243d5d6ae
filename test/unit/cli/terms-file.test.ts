// `--terms FILE`: a file that can't be used stops the command before any CT is read, and says which field.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { proposeCommand } from "../../../src/cli/propose-command.ts";
import { readTermsFile } from "../../../src/cli/terms-file.ts";

let folder = "";
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "clv-terms-"))));
afterAll(() => rm(folder, { recursive: true, force: true }));

const site = {
  id: "local_piriformis",
  code: "PIR",
  scheme: "99XYZ",
  name: { en: "Piriformis", zh: "梨状肌" },
  bones: ["sacrum"],
  checklist: true,
};

it("reads a department's sites", async () => {
  const path = join(folder, "terms.json");
  await writeFile(path, JSON.stringify({ sites: [site] }));
  expect((await readTermsFile(path)).sites).toEqual([site]);
});

it("refuses a file with a fault, or none at all, in one line", async () => {
  const path = join(folder, "bad.json");
  await writeFile(path, JSON.stringify({ sites: [{ ...site, scheme: "SCT" }] }));
  const told = async (terms: string): Promise<string> => {
    const lines: string[] = [];
    const code = await proposeCommand([folder, "--out", join(folder, "out"), "--terms", terms], {
      result: (line) => lines.push(line),
      progress: (line) => lines.push(line),
    });
    expect([code, lines.length]).toEqual([2, 1]);
    return lines[0];
  };
  expect(await told(path)).toContain("sites.0.scheme");
  expect(await told(join(folder, "none.json"))).toContain("no such file");
});
