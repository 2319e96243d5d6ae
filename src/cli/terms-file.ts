// The terms that a department adds, for the command line: the same file as beside the app.
import { readFile } from "node:fs/promises";
import { parseDepartmentTerms } from "#cement/model/department-terms";
import type { DepartmentTerms } from "#cement/model/sites";
import { fileTrouble, Unusable } from "./unusable.ts";

/** Throws Unusable with the name of the first field that can't be used. */
export async function readTermsFile(path: string): Promise<DepartmentTerms> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new Unusable(`${path}: ${fileTrouble(error)}`);
  });
  const terms = parseDepartmentTerms(text, path);
  if (!terms.ok) throw new Unusable(terms.problem.text?.en ?? terms.problem.code);
  return terms.value;
}
