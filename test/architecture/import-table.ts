// Who may import whom: the table of the design, as data, and the check of one source tree against it.
import { posix } from "node:path";
import { importsOf, type ImportUse } from "./imports.ts";
import { isCode, parseSource, type SourceTree } from "./source-tree.ts";

interface Rule {
  /** Layers of src/ besides the own one. */
  readonly layers?: readonly string[];
  /** Single files of other layers, and whether only their types. */
  readonly files?: readonly { readonly path: string; readonly typesOnly: boolean }[];
  /** Folders of the own plugin, besides the own one. */
  readonly ownFolders?: readonly string[];
  /** Folders of any plugin. */
  readonly pluginFolders?: readonly string[];
  /** npm packages: "name" with its subpaths, "name/subpath" alone, "@scope/*". */
  readonly packages?: readonly string[];
  readonly nodeBuiltins?: boolean;
  readonly anything?: boolean;
}

const CONTRACT = "src/host/contract.ts";
const TYPES_OF_CONTRACT = [{ path: CONTRACT, typesOnly: true }];
const PLUGIN_FOLDERS = ["model", "engine", "exports", "cohort", "teaching", "offline", "reading", "panels"];
/** Files beside plugin.ts that are layers of their own. */
const PLUGIN_ROOT_FILES: Readonly<Record<string, string>> = {
  "jobs.ts": "jobs",
  "tasks.ts": "tasks",
  "manifest.ts": "manifest",
};
const REACT = ["react", "react-dom", "@mantine/*"];

const RULES: Readonly<Record<string, Rule>> = {
  core: {},
  voxels: { layers: ["core"] },
  dicom: {
    layers: ["core", "voxels"],
    packages: [
      "dicom-parser",
      "@cornerstonejs/codec-*",
      "jpeg-lossless-decoder-js",
      "dcmjs",
      "dicomweb-client",
      "fflate",
      "@noble/hashes",
    ],
  },
  host: { layers: ["core", "voxels", "dicom"], packages: ["zod", "idb", "fflate"] },
  viewport: {
    layers: ["core", "voxels"],
    // The port is written in the contract's types.
    files: [
      { path: "src/host/viewport-port.ts", typesOnly: false },
      { path: "src/host/coming-port.ts", typesOnly: true },
      ...TYPES_OF_CONTRACT,
    ],
    packages: ["@cornerstonejs/*", "@kitware/vtk.js"],
  },
  ui: { layers: ["core", "host"], packages: REACT },
  cli: {
    // The evaluation makes its cases with the phantom maker.
    layers: ["core", "voxels", "dicom", "sample-data"],
    pluginFolders: ["model", "engine", "exports", "cohort", "teaching"],
    // Command lines are parsed with zod; `npm run kernels` compiles, and what it writes is committed.
    packages: ["assemblyscript", "zod"],
    nodeBuiltins: true,
  },
  "plugin model": { layers: ["core", "voxels"], packages: ["zod"] },
  "plugin engine": { layers: ["core", "voxels"], ownFolders: ["model"], packages: ["zod"] },
  "plugin exports": { layers: ["core", "voxels"], ownFolders: ["model"], packages: ["zod", "fflate"] },
  "plugin cohort": {
    layers: ["core", "voxels"],
    ownFolders: ["model", "exports"],
    packages: ["zod", "fflate", "hyparquet-writer", "papaparse", "@noble/hashes"],
  },
  "plugin teaching": {
    layers: ["core", "voxels"],
    ownFolders: ["model", "exports", "offline"],
    // The offline page's policy names its script by hash.
    packages: ["zod", "fflate", "@noble/hashes"],
  },
  // The script of a page that is handed out: plain modules for any browser, taken up as text.
  "plugin offline": { ownFolders: ["teaching"] },
  // What the plugin does behind the contract, without React: between the design's engine and its panels.
  "plugin reading": {
    layers: ["core", "voxels"],
    files: TYPES_OF_CONTRACT,
    ownFolders: ["model", "engine", "exports", "cohort", "teaching", "jobs", "manifest"],
    packages: ["zod"],
  },
  // Plain data, readable without running the plugin.
  "plugin manifest": { files: TYPES_OF_CONTRACT, ownFolders: ["model"] },
  // The table of pure functions that src/worker.ts registers.
  "plugin jobs": { layers: ["core", "voxels"], ownFolders: ["model", "engine"] },
  "plugin tasks": {
    layers: ["core"],
    files: TYPES_OF_CONTRACT,
    ownFolders: ["model", "exports", "cohort", "teaching"],
  },
  "plugin panels": {
    layers: ["core"],
    files: TYPES_OF_CONTRACT,
    ownFolders: [...PLUGIN_FOLDERS, "jobs", "tasks", "manifest"],
    packages: [...REACT, "@observablehq/plot"],
  },
  // The adapter: the host's own parts with OHIF behind their ports, and the doors that OHIF loads. Nothing else knows OHIF.
  "plugin ohif": {
    layers: ["core", "voxels", "dicom", "host", "ui"],
    // Of the images only what names no Cornerstone: OHIF has one of its own.
    files: [
      "capture",
      "display-volume",
      "gesture-preview",
      "hu-at",
      "mask-paint",
      "oblique",
      "overlay-canvas",
      "plane-gestures",
      "planes",
      "view-root",
      "view-scene",
    ].map((name) => ({ path: `src/viewport/${name}.ts`, typesOnly: false })),
    ownFolders: [...PLUGIN_FOLDERS, "plugin.ts", "manifest"],
    packages: REACT,
  },
  "plugin.ts": {
    layers: ["core", "voxels"],
    files: TYPES_OF_CONTRACT,
    ownFolders: [...PLUGIN_FOLDERS, "jobs", "tasks", "manifest"],
  },
  // The sample cohort is made of findings.
  "sample-data": {
    layers: ["core", "voxels", "dicom"],
    pluginFolders: ["model", "cohort"],
    packages: ["fflate"],
    nodeBuiltins: true,
  },
  "composition root": { anything: true },
  "build configuration": { packages: ["vite", "@vitejs/plugin-react"], nodeBuiltins: true },
};

/** Page, its worker, the workers that read slices for that one, and what those two have in common. */
const COMPOSITION_ROOTS: ReadonlySet<string> = new Set([
  "src/main.tsx",
  "src/worker.ts",
  "src/slice-worker.ts",
  "src/codec-urls.ts",
  "src/extra-plugins.ts",
]);

interface Place {
  /** A key of RULES. */
  readonly layer: string;
  /** Relative imports stay in here. A plugin is one such folder (its prefix reaches no .tsx); the table holds inside it too. */
  readonly folder: string;
  readonly plugin?: string;
  readonly pluginFolder?: string;
}

/** Where a file belongs; undefined when the design has no such place. */
export function placeOf(path: string): Place | undefined {
  const [top = "", second = "", third = "", ...deeper] = path.split("/");
  if (top === "sample-data") return { layer: "sample-data", folder: "sample-data" };
  if (top === "src") {
    if (COMPOSITION_ROOTS.has(path)) return { layer: "composition root", folder: "src" };
    if (path === "src/vite.config.ts") return { layer: "build configuration", folder: "src" };
    // Declarations for untyped packages and for Vite's own imports: types only, nothing at run time.
    if (third === "" && second.endsWith(".d.ts")) return { layer: "core", folder: "src" };
    return third !== "" && second in RULES ? { layer: second, folder: `src/${second}` } : undefined;
  }
  if (top === "plugins") {
    const folder = `plugins/${second}`;
    if (third === "plugin.ts")
      return { layer: "plugin.ts", folder, plugin: second, pluginFolder: "plugin.ts" };
    if (third === "ohif" && deeper[0] === "vite.config.ts") return { layer: "build configuration", folder };
    // The door brings plugin, adapter and worker together, as src/main.tsx does for the page.
    if (third === "ohif" && deeper[0] === "cement-ext.ts") return { layer: "composition root", folder };
    if (third === "ohif") return { layer: "plugin ohif", folder, plugin: second };
    const rootFile = PLUGIN_ROOT_FILES[third];
    if (rootFile) return { layer: `plugin ${rootFile}`, folder, plugin: second, pluginFolder: rootFile };
    if (deeper.length === 0 || !PLUGIN_FOLDERS.includes(third)) return undefined;
    return { layer: `plugin ${third}`, folder, plugin: second, pluginFolder: third };
  }
  return undefined;
}

/** "#core/*" → "./src/core/*.ts", as package.json has it. */
export type ImportPrefixes = Readonly<Record<string, string>>;

function fileOfPrefix(specifier: string, prefixes: ImportPrefixes): string | undefined {
  for (const [prefix, target] of Object.entries(prefixes)) {
    const file = target.replace(/^\.\//, "");
    if (prefix === specifier) return file;
    if (prefix.endsWith("*") && specifier.startsWith(prefix.slice(0, -1)))
      return file.replace("*", specifier.slice(prefix.length - 1));
  }
  return undefined;
}

function packageAllowed(specifier: string, allowed: readonly string[]): boolean {
  return allowed.some((pattern) =>
    pattern.endsWith("*")
      ? specifier.startsWith(pattern.slice(0, -1))
      : specifier === pattern || specifier.startsWith(`${pattern}/`),
  );
}

function fileAllowed(from: Place, rule: Rule, target: string, typeOnly: boolean): boolean {
  const to = placeOf(target);
  if (rule.files?.some((file) => file.path === target && (typeOnly || !file.typesOnly))) return true;
  if (!to) return false;
  if (to.layer === from.layer && to.plugin === from.plugin) return true;
  if (to.plugin === undefined) return rule.layers?.includes(to.layer) ?? false;
  if (to.pluginFolder === undefined) return false;
  if (rule.pluginFolders?.includes(to.pluginFolder)) return true;
  return to.plugin === from.plugin && (rule.ownFolders?.includes(to.pluginFolder) ?? false);
}

/** What is wrong with one import, in words; undefined when the table allows it. */
function complaintAbout(
  path: string,
  from: Place,
  { specifier, typeOnly }: ImportUse,
  prefixes: ImportPrefixes,
): string | undefined {
  const rule = RULES[from.layer] ?? {};
  if (specifier === null) return `imports a computed path, which no reader can follow`;
  if (rule.anything) return undefined;
  if (specifier.startsWith("node:"))
    return rule.nodeBuiltins ? undefined : `${from.layer} may not import ${specifier}`;
  if (specifier.startsWith(".")) {
    const target = posix.normalize(posix.join(posix.dirname(path), specifier));
    if (!target.startsWith(`${from.folder}/`))
      return `relative import "${specifier}" leaves ${from.folder}; name the layer with its # prefix`;
    return fileAllowed(from, rule, target, typeOnly) ? undefined : `${from.layer} may not import ${target}`;
  }
  if (specifier.startsWith("#")) {
    const target = fileOfPrefix(specifier, prefixes);
    if (target === undefined) return `"${specifier}" has no prefix of package.json "imports"`;
    if (fileAllowed(from, rule, target, typeOnly)) return undefined;
    const onlyItsTypes = !typeOnly && fileAllowed(from, rule, target, true);
    return `${from.layer} may ${onlyItsTypes ? "import only types of" : "not import"} ${specifier}`;
  }
  return packageAllowed(specifier, rule.packages ?? [])
    ? undefined
    : `${from.layer} may not import ${specifier}`;
}

const CHECKED_FOLDERS = /^(src|plugins|sample-data)\//;

/** All imports of src, plugins and sample-data that the table forbids, as "path:line: what". */
export function importViolations(tree: SourceTree, prefixes: ImportPrefixes): string[] {
  const violations: string[] = [];
  for (const [path, text] of tree) {
    if (!CHECKED_FOLDERS.test(path) || !isCode(path)) continue;
    const from = placeOf(path);
    if (!from) {
      violations.push(`${path}: belongs to no layer of the design`);
      continue;
    }
    const source = parseSource(path, text);
    for (const error of source.errors) violations.push(`${path}: can't be parsed: ${error}`);
    for (const use of importsOf(source)) {
      const complaint = complaintAbout(path, from, use, prefixes);
      if (complaint) violations.push(`${path}:${use.line}: ${complaint}`);
    }
  }
  return violations;
}
