// The house rules that a text can be checked for: names, lengths, first lines, purity, nothing of one machine.
import { placeOf } from "./import-table.ts";
import { isCode, isNode, parseSource, type SourceTree, type SyntaxNode } from "./source-tree.ts";

const LONGEST_FILE_LINES = 400;
/** Longer on purpose; the reason stands beside each. */
const MAY_BE_LONGER: ReadonlySet<string> = new Set([]);

const TOP_LEVEL: ReadonlySet<string> = new Set([
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "src",
  "plugins",
  "sample-data",
  "test",
  "README.md",
  "LICENSE",
]);

const VAGUE_NAME =
  /(^|[-_.])(utils?|helpers?|common|managers?|services?|misc)([-_.]|$)|(Manager|Service|Utils?|Helpers?)([-_.]|$)/;

// In pieces, so that this file doesn't find itself.
const OF_ONE_MACHINE: readonly { readonly words: RegExp; readonly what: string }[] = [
  { words: new RegExp(["/wo", "rk/|/ro", "ot/|/ho", "me/[a-z]"].join("")), what: "a path of one machine" },
  {
    words: new RegExp(
      ["registry\\.np", "mjs|registry\\.ya", "rnpkg|deb\\.deb", "ian\\.org|pyp", "i\\.org"].join(""),
    ),
    what: "a registry's host",
  },
];

const isOurs = (path: string): boolean => /^(src|plugins|sample-data|test)\//.test(path);

function namesOnlyWhatIsAllowed(path: string): string[] {
  const [top = ""] = path.split("/");
  return TOP_LEVEL.has(top) || top.startsWith(".") ? [] : [`${path}: "${top}" has no place at the top level`];
}

function namesSayWhatIsInside(path: string): string[] {
  if (!isOurs(path)) return [];
  return path
    .split("/")
    .filter((part) => VAGUE_NAME.test(part))
    .map((part) => `${path}: "${part}" doesn't say what is inside`);
}

/** The first line (the second after a doctype or a #! line) is a comment that says something. */
function firstLineSaysWhatFor(path: string, text: string): string[] {
  if (!isOurs(path) || !/\.(ts|tsx|mjs|js|css|html|py|sh)$/.test(path)) return [];
  const lines = text.split("\n").filter((line) => !/^(#!|<!doctype)/i.test(line));
  const first = (lines[0] ?? "").trim();
  const words = /^(?:\/\/(?!\/)|\/\*\*?|<!--|#)\s*(.*)$/.exec(first)?.[1] ?? "";
  const next = first === "/**" ? (lines[1] ?? "").replace(/^\s*\*\s*/, "") : words;
  return next.length >= 15 && !/^@|^eslint|^oxlint|^prettier/.test(next)
    ? []
    : [`${path}: the first line doesn't say what the file is for`];
}

function isNotTooLong(path: string, text: string): string[] {
  if (!isOurs(path) || !(isCode(path) || path.endsWith(".css")) || MAY_BE_LONGER.has(path)) return [];
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  return lines > LONGEST_FILE_LINES ? [`${path}: ${lines} lines, at most ${LONGEST_FILE_LINES}`] : [];
}

function knowsNoMachine(path: string, text: string): string[] {
  return text
    .split("\n")
    .flatMap((line, at) =>
      OF_ONE_MACHINE.filter(({ words }) => words.test(line)).map(
        ({ what }) => `${path}:${at + 1}: names ${what}`,
      ),
    );
}

type Impurity = "clock" | "stopwatch" | "chance" | "DOM" | "network";

/** The same case gives the same bytes everywhere: these layers get clock, UIDs and transport handed in. */
const FORBIDDEN_IN: Readonly<Record<string, readonly Impurity[]>> = {
  core: ["clock", "stopwatch", "chance", "DOM", "network"],
  voxels: ["clock", "stopwatch", "chance", "DOM", "network"],
  // The DICOMweb client lives here and speaks over fetch.
  dicom: ["clock", "stopwatch", "chance", "DOM"],
  "plugin model": ["clock", "stopwatch", "chance", "DOM", "network"],
  "plugin engine": ["clock", "stopwatch", "chance", "DOM", "network"],
  "plugin exports": ["clock", "stopwatch", "chance", "DOM", "network"],
  "plugin cohort": ["clock", "stopwatch", "chance", "DOM", "network"],
  "plugin teaching": ["clock", "stopwatch", "chance", "DOM", "network"],
  // Its command line says how long it took.
  "sample-data": ["clock", "chance", "DOM", "network"],
};

const IMPURE_MEMBER: Readonly<Record<string, Impurity>> = {
  "Date.now": "clock",
  "performance.now": "stopwatch",
  "Math.random": "chance",
  "crypto.randomUUID": "chance",
  "crypto.getRandomValues": "chance",
  "document.createElement": "DOM",
  "document.querySelector": "DOM",
  "document.getElementById": "DOM",
  "document.body": "DOM",
  "document.addEventListener": "DOM",
  "document.documentElement": "DOM",
  "navigator.sendBeacon": "network",
};
const IMPURE_OBJECT: Readonly<Record<string, Impurity>> = {
  window: "DOM",
  localStorage: "DOM",
  sessionStorage: "DOM",
};
const IMPURE_CALL: Readonly<Record<string, Impurity>> = { fetch: "network" };
const IMPURE_NEW: Readonly<Record<string, Impurity>> = {
  XMLHttpRequest: "network",
  WebSocket: "network",
  EventSource: "network",
  Worker: "DOM",
};

const nameOf = (node: unknown): string =>
  isNode(node) && node.type === "Identifier" && typeof node.name === "string" ? node.name : "";

function impurityOf(node: SyntaxNode): { what: string; kind: Impurity } | undefined {
  const found = (what: string, kind: Impurity | undefined) => (kind ? { what, kind } : undefined);
  if (node.type === "MemberExpression" && node.computed !== true) {
    const object = nameOf(node.object);
    const member = `${object}.${nameOf(node.property)}`;
    return found(member, IMPURE_MEMBER[member] ?? IMPURE_OBJECT[object]);
  }
  if (node.type === "CallExpression") return found(nameOf(node.callee), IMPURE_CALL[nameOf(node.callee)]);
  if (node.type === "NewExpression") {
    const name = nameOf(node.callee);
    const now = name === "Date" && Array.isArray(node.arguments) && node.arguments.length === 0;
    return found(`new ${name}`, now ? "clock" : IMPURE_NEW[name]);
  }
  return undefined;
}

function isPure(path: string, text: string): string[] {
  const layer = isCode(path) ? placeOf(path)?.layer : undefined;
  const forbidden = FORBIDDEN_IN[layer ?? ""];
  if (!forbidden) return [];
  const source = parseSource(path, text);
  return source.nodes.flatMap((node) => {
    const impurity = impurityOf(node);
    return impurity && forbidden.includes(impurity.kind)
      ? [`${path}:${source.lineAt(node.start)}: ${layer} may not use ${impurity.what} (${impurity.kind})`]
      : [];
  });
}

/** `problem("area/what-happened", …)`: a stable code that says where and what. */
function problemCodesAreStable(path: string, text: string): string[] {
  if (!/^(src|plugins)\//.test(path) || !isCode(path)) return [];
  const source = parseSource(path, text);
  return source.nodes.flatMap((node) => {
    if (node.type !== "CallExpression" || nameOf(node.callee) !== "problem") return [];
    const first: unknown = Array.isArray(node.arguments) ? node.arguments[0] : undefined;
    const code =
      isNode(first) && first.type === "Literal" && typeof first.value === "string" ? first.value : undefined;
    return code === undefined || /^[a-z0-9-]+(\/[a-z0-9-]+)+$/.test(code)
      ? []
      : [`${path}:${source.lineAt(node.start)}: problem code "${code}" is not like "stack/missing-slice"`];
  });
}

/** All breaches of the house rules in a tree, as "path: what" or "path:line: what". */
export function houseRuleViolations(tree: SourceTree): string[] {
  return [...tree].flatMap(([path, text]) => [
    ...namesOnlyWhatIsAllowed(path),
    ...namesSayWhatIsInside(path),
    ...firstLineSaysWhatFor(path, text),
    ...isNotTooLong(path, text),
    ...knowsNoMachine(path, text),
    ...isPure(path, text),
    ...problemCodesAreStable(path, text),
  ]);
}
