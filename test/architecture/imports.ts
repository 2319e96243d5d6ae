// Every way a source can name another file: static, type-only, re-export, dynamic, `import("x").T`, require, worker URL.
import { isCode, isNode, type ParsedSource, type SyntaxNode } from "./source-tree.ts";

export interface ImportUse {
  /** The words in quotes, without a `?query`; null when it is computed and can't be read. */
  readonly specifier: string | null;
  /** Whole statement is `import type` / `export type` or a type expression: nothing of it is left at run time. */
  readonly typeOnly: boolean;
  readonly line: number;
}

export function importsOf(source: ParsedSource): ImportUse[] {
  const uses: ImportUse[] = [];
  for (const node of source.nodes) {
    const named = moduleNamedBy(node);
    if (!named) continue;
    uses.push({
      specifier: literalText(named.module)?.replace(/\?.*$/, "") ?? null,
      typeOnly: named.typeOnly,
      line: source.lineAt(node.start),
    });
  }
  return uses;
}

function moduleNamedBy(node: SyntaxNode): { module: unknown; typeOnly: boolean } | undefined {
  switch (node.type) {
    case "ImportDeclaration":
      return { module: node.source, typeOnly: node.importKind === "type" };
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
      return node.source ? { module: node.source, typeOnly: node.exportKind === "type" } : undefined;
    case "ImportExpression":
      return { module: node.source, typeOnly: false };
    case "TSImportType":
      return { module: node.source ?? node.argument, typeOnly: true };
    case "TSExternalModuleReference":
      return { module: node.expression, typeOnly: false };
    case "CallExpression":
      return isRequireOrGlob(node.callee) ? { module: firstOf(node.arguments), typeOnly: false } : undefined;
    case "NewExpression":
      return isOwnUrl(node) ? { module: firstOf(node.arguments), typeOnly: false } : undefined;
    default:
      return undefined;
  }
}

function firstOf(list: unknown): unknown {
  return Array.isArray(list) ? list[0] : undefined;
}

function literalText(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === "TSLiteralType") return literalText(node.literal);
  if (node.type === "TemplateLiteral" && Array.isArray(node.quasis) && node.quasis.length === 1) {
    const value: unknown = isNode(node.quasis[0]) ? node.quasis[0].value : undefined;
    return typeof value === "object" && value && "cooked" in value && typeof value.cooked === "string"
      ? value.cooked
      : undefined;
  }
  return typeof node.value === "string" ? node.value : undefined;
}

function isImportMeta(node: unknown): boolean {
  return isNode(node) && node.type === "MetaProperty" && isNode(node.meta) && node.meta.name === "import";
}

/** `require(…)` and `import.meta.glob(…)`. */
function isRequireOrGlob(callee: unknown): boolean {
  if (!isNode(callee)) return false;
  if (callee.type === "Identifier") return callee.name === "require";
  return (
    callee.type === "MemberExpression" &&
    isImportMeta(callee.object) &&
    isNode(callee.property) &&
    callee.property.name === "glob"
  );
}

/** `new URL("./worker.ts", import.meta.url)`: how Vite is told of a worker. Of folders and pictures the table says nothing. */
function isOwnUrl(node: SyntaxNode): boolean {
  if (!isNode(node.callee) || node.callee.name !== "URL" || !Array.isArray(node.arguments)) return false;
  const base: unknown = node.arguments[1];
  if (!isCode(literalText(node.arguments[0]) ?? "")) return false;
  return isNode(base) && base.type === "MemberExpression" && isImportMeta(base.object);
}
