// The checkout as a map from path to text, and one parse of each source for every rule that looks inside.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "vite";

/** Path from the checkout's root with "/", to text. */
export type SourceTree = ReadonlyMap<string, string>;

/** A node of the syntax tree (ESTree with TypeScript's nodes), read with care: only `type` is certain. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly [property: string]: unknown;
}

const CHECKOUT = fileURLToPath(new URL("../..", import.meta.url));
const NOT_OURS = new Set(["node_modules", "dist", ".cache", ".git"]);

/** Files that git tracks or would (not ignored); without git, all but what tools make. */
export function listFiles(): string[] {
  try {
    const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
      cwd: CHECKOUT,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return [...new Set(listed.split("\0"))].filter((path) => path !== "" && isFile(path)).toSorted();
  } catch {
    return walk("").toSorted();
  }
}

function isFile(path: string): boolean {
  return statSync(join(CHECKOUT, path), { throwIfNoEntry: false })?.isFile() ?? false;
}

function walk(folder: string): string[] {
  return readdirSync(join(CHECKOUT, folder), { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return [];
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? walk(path) : [path];
  });
}

const TEXT =
  /(\.(ts|tsx|mts|mjs|js|jsx|css|html|json|md|py|sh|svg|txt|yml|yaml)|(^|\/)(run|LICENSE|\.[^/]+))$/;

/** The texts of all files of the checkout; pictures and other binary files are left out. */
export function readTree(): SourceTree {
  return new Map(
    listFiles()
      .filter((path) => TEXT.test(path))
      .map((path) => [path, readFileSync(join(CHECKOUT, path), "utf8")]),
  );
}

export const isCode = (path: string): boolean => /\.(ts|tsx|mts|mjs|js|jsx)$/.test(path);

export interface ParsedSource {
  readonly nodes: readonly SyntaxNode[];
  /** Why it could not be read; the other rules are silent then. */
  readonly errors: readonly string[];
  /** Line number, from 1, of an offset in the text. */
  lineAt(offset: number): number;
}

/** Every node of a source, outermost first. */
export function parseSource(path: string, text: string): ParsedSource {
  const lang = /\.(tsx|jsx)$/.test(path) ? "tsx" : "ts";
  const { program, errors } = parseSync(path, text, { lang, sourceType: "module" });
  const nodes: SyntaxNode[] = [];
  collect(program, nodes);
  return {
    nodes,
    errors: errors.map((error) => error.message),
    lineAt: (offset) => text.slice(0, offset).split("\n").length,
  };
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function collect(value: unknown, into: SyntaxNode[]): void {
  if (Array.isArray(value)) for (const entry of value) collect(entry, into);
  else if (isNode(value)) {
    into.push(value);
    for (const child of Object.values(value)) if (typeof child === "object") collect(child, into);
  }
}
