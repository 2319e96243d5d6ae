// CSV in and out: what a department's lists come in, and what the tables leave in.
import Papa from "papaparse";

export interface CsvRow {
  /** From 1, the header line not counted. */
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

/**
 * Rows of a CSV file with a header line: comma, semicolon or tab, with or without a byte order mark. Names of columns are compared in
 * lower case without spaces and underscores. Throws Error with the line where a row has more cells than the header.
 */
export function readCsv(text: string): {
  readonly columns: readonly string[];
  readonly rows: readonly CsvRow[];
} {
  const { data, errors } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ""), { skipEmptyLines: "greedy" });
  const fault = errors.find(({ code }) => code !== "UndetectableDelimiter");
  if (fault) throw new Error(`line ${(fault.row ?? 0) + 1}: ${fault.message}`);
  const [header = [], ...body] = data;
  const columns = header.map(columnKey);
  const rows = body.map((cells, index): CsvRow => {
    if (cells.length > columns.length)
      throw new Error(`line ${index + 2}: ${cells.length} cells for ${columns.length} columns`);
    return {
      line: index + 1,
      cells: Object.fromEntries(columns.map((name, n) => [name, (cells[n] ?? "").trim()])),
    };
  });
  return { columns, rows };
}

const columnKey = (name: string): string => name.toLowerCase().replaceAll(/[\s_-]/g, "");

export type CsvCell = string | number | boolean | null | undefined;

/** RFC 4180 with a header; a cell that a spreadsheet would run as a formula begins with an apostrophe. */
export function writeCsv(columns: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return `${Papa.unparse({ fields: [...columns], data: rows.map((row) => row.map((cell) => cell ?? "")) }, { escapeFormulae: true })}\r\n`;
}
