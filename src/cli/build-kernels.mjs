// `npm run kernels`: compiles the AssemblyScript kernels of src/voxels/kernels and writes each as a module with its bytes.
// The modules are committed, so that neither the app's build nor the tests need the compiler; a test rebuilds and compares.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const FOLDER = fileURLToPath(new URL("../voxels/kernels", import.meta.url));
export const KERNELS = ["labelling", "distance", "rescale"];

/** @param {string} name @returns where the module of a kernel is kept */
export const moduleOf = (name) => join(FOLDER, `${name}-wasm.ts`);

/** @param {string} name of the `.as` file @returns {Promise<string>} the text of its module */
export async function compileKernel(name) {
  /** @type {Uint8Array | undefined} */
  let bytes;
  let said = "";
  const { error } = await asc.main(
    [
      ...[`${name}.ts`, "--outFile", `${name}.wasm`],
      // The stub runtime has no garbage collector; the kernels allocate nothing.
      ...["-O3", "--noAssert", "--runtime", "stub", "--use", "abort=", "--enable", "simd"],
    ],
    {
      // The compiler knows no extension but .ts; its own library comes from inside it.
      readFile: (file) => (file === `${name}.ts` ? readFile(join(FOLDER, `${name}.as`), "utf8") : null),
      writeFile: (_file, contents) => {
        if (typeof contents !== "string") bytes = contents;
      },
      listFiles: () => [],
      stderr: { write: (chunk) => void (said += String(chunk)) },
    },
  );
  if (error || !bytes) throw new Error(`${name}.as can't be compiled: ${error?.message ?? ""}\n${said}`);
  const text = Buffer.from(bytes).toString("base64");
  const lines = text.match(/.{1,104}/g) ?? [];
  return [
    `// The WebAssembly of ${name}.as in base64, ${bytes.length} bytes. Written by \`npm run kernels\`: change ${name}.as instead.`,
    `export const ${name}Wasm = [`,
    ...lines.map((line) => `  "${line}",`),
    `].join("");`,
    "",
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of KERNELS) {
    await writeFile(moduleOf(name), await compileKernel(name));
    process.stdout.write(`${moduleOf(name)}\n`);
  }
}
