// The sample case is remade when a file it is made with changes, and only then: imports are followed through prefixes.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { sourceClosure } from "../../../src/cli/source-closure.mjs";

it("follows values through relative paths, prefixes, re-exports and dynamic imports; types and packages not", async () => {
  const root = await mkdtemp(join(tmpdir(), "clv-closure-"));
  const files = {
    "package.json": `{ "imports": { "#core/*": "./src/core/*.ts" } }`,
    "sample/entry.ts": `// import "./comment.ts"\nimport type { T } from "#core/types";\nimport {\n  a,\n} from "#core/a";\nimport { z } from "zod";\nimport "./effect.ts";\n`,
    "src/core/a.ts": `export { b } from "./b.ts";\nexport * from "./c.ts";\nexport const a = "x";\n`,
    "src/core/b.ts": `export const b = () => import("./d.ts");\nimport { a } from "#core/a";\n`,
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, path, ".."), { recursive: true });
    await writeFile(join(root, path), text);
  }
  expect(await sourceClosure(root, "sample/entry.ts")).toEqual([
    "sample/effect.ts",
    "sample/entry.ts",
    "src/core/a.ts",
    "src/core/b.ts",
    "src/core/c.ts",
    "src/core/d.ts",
  ]);
  await rm(root, { recursive: true, force: true });
});
