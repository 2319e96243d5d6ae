// DICOM JSON (PS3.18 annex F) as archives answer it: parsed with limits, read by tag, and written as a data set for our header reader.
import { type Problem, type Result, fail, ok, problem } from "#core/problem";

/** The attributes of one instance, series or study by tag ("0020000D"). */
export type JsonDataSet = Readonly<Record<string, unknown>>;

interface JsonElement {
  readonly vr: string;
  readonly values: readonly unknown[];
}

export const isDataSet = (value: unknown): value is JsonDataSet =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The data sets of an answer, at most `maxBytes` of it; an empty answer (204) has none. */
export async function readJson(
  answer: Response,
  archive: string,
  maxBytes: number,
  progressed: () => void,
): Promise<Result<readonly JsonDataSet[]>> {
  const text = await readText(answer, maxBytes, progressed);
  if (text === null) return fail(problem("archive/answer-too-large", { archive, megabytes: maxBytes / 1e6 }));
  if (text.trim() === "") return ok([]);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return fail(notDicom(answer, archive));
  }
  const sets = Array.isArray(parsed) ? parsed : [parsed];
  return sets.every(isDataSet) ? ok(sets) : fail(notDicom(answer, archive));
}

/** A page to sign in at, or a proxy's own message, with status 200. */
export function notDicom(answer: Response, archive: string): Problem {
  const type = (answer.headers.get("Content-Type") ?? "").split(";")[0].trim();
  return problem("archive/not-dicom", { archive, type: type === "" ? "?" : type.slice(0, 60) });
}

async function readText(answer: Response, maxBytes: number, progressed: () => void): Promise<string | null> {
  const reader = answer.body?.getReader();
  if (!reader) return "";
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return parts.join("") + decoder.decode();
    progressed();
    length += value.length;
    if (length > maxBytes) {
      await reader.cancel();
      return null;
    }
    parts.push(decoder.decode(value, { stream: true }));
  }
}

export function elementOf(set: JsonDataSet, tag: string): JsonElement | null {
  const element = set[tag];
  if (!isDataSet(element) || typeof element.vr !== "string" || !/^[A-Z]{2}$/.test(element.vr)) return null;
  return { vr: element.vr, values: Array.isArray(element.Value) ? element.Value : [] };
}

/** The n-th value as text; a person's name as its groups with "=" between them. Empty where absent. */
export function jsonText(set: JsonDataSet, tag: string, index = 0): string {
  return textOf(elementOf(set, tag)?.values[index]).trim();
}

export const jsonTexts = (set: JsonDataSet, tag: string): readonly string[] =>
  (elementOf(set, tag)?.values ?? []).map((value) => textOf(value).trim()).filter((value) => value !== "");

/** Null where absent or no number; IS and DS are written as texts by some archives. */
export function jsonNumber(set: JsonDataSet, tag: string): number | null {
  const text = jsonText(set, tag);
  return text === "" || !Number.isFinite(Number(text)) ? null : Number(text);
}

export const jsonItems = (set: JsonDataSet, tag: string): readonly JsonDataSet[] =>
  (elementOf(set, tag)?.values ?? []).filter(isDataSet);

/** A value as text; a person's name as its groups with "=" between them. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  if (!isDataSet(value)) return "";
  const groups = [value.Alphabetic, value.Ideographic, value.Phonetic].map((group) =>
    typeof group === "string" ? group : "",
  );
  return groups.join("=").replace(/=+$/, "");
}
