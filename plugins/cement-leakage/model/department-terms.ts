// Reads the terms that a department adds: a file beside the app, written by hand, so every fault is said with its field.
import { fail, ok, type Problem, type Result } from "#core/problem";
import { z } from "zod";
import { localTermSchema, type DepartmentTerms, type LocalText } from "./sites.ts";

const fileSchema = z.strictObject({
  sites: z.array(localTermSchema).default([]),
  exportSeenSlices: z.boolean().default(false),
});

const said = (en: string, zh: string): LocalText => ({ en, zh });

/** What each field has to be, by its name. */
const RULES: Readonly<Record<string, LocalText>> = {
  sites: said("a list of sites", "应为部位列表"),
  id: said(
    'begins with "local_", then up to 40 small letters, digits or "_"',
    "以 “local_” 开头，其后最多 40 个小写字母、数字或 “_”",
  ),
  code: said(
    '1 to 16 letters, digits, ".", "_" or "-" (DICOM code value)',
    "1 至 16 个字母、数字或 “.”、“_”、“-”（DICOM 代码值）",
  ),
  scheme: said(
    "your own coding scheme, beginning with 99 and at most 16 capital letters and digits, such as 99XYZ; codes of SCT, DCM and other standards can't be checked here and are refused",
    "须为本单位自有编码体系，以 99 开头，最多 16 个大写字母或数字，如 99XYZ；SCT、DCM 等标准编码无法在此核验，不予接受",
  ),
  name: said("a name in English (en) and in Chinese (zh)", "须有英文（en）与中文（zh）名称"),
  en: said("words on one line, at most 48 characters", "一行文字，最多 48 个字符"),
  zh: said("words on one line, at most 32 characters", "一行文字，最多 32 个字符"),
  synonyms: said("two lists of words, en and zh", "en 与 zh 两个词表"),
  bones: said(
    "one or more of sacrum, vertebra, ilium, other",
    "sacrum、vertebra、ilium、other 中的一个或多个",
  ),
  checklist: said("true or false", "true 或 false"),
  inCanal: said("true or false", "true 或 false"),
  glyph: said("circle, square, triangle, diamond or cross", "circle、square、triangle、diamond 或 cross"),
  color: said('a colour such as "#4dabf7"', "颜色，如 “#4dabf7”"),
  decideBy: said(
    "how the site is recognised, in English (en) and in Chinese (zh)",
    "辨认方法，英文（en）与中文（zh）",
  ),
  exportSeenSlices: said("true or false", "true 或 false"),
};
const NO_FIELD = said("is no field of this file", "不是该文件的字段");
const TWICE = said("stands twice", "重复出现");

/** `fileName` is what the message calls the file. Nothing of a file that has one fault is used. */
export function parseDepartmentTerms(text: string, fileName: string): Result<DepartmentTerms> {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, "")); // editors write a byte order mark
  } catch (error) {
    const why = wordsOf(error);
    return fail(refused(fileName, "", said(`it is not JSON (${why})`, `不是有效的 JSON（${why}）`)));
  }
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const unknown = issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
    const path = [...issue.path, ...unknown];
    const rule = unknown.length > 0 ? NO_FIELD : ruleOf(path);
    return fail(refused(fileName, path.join("."), rule ?? said(issue.message, issue.message)));
  }
  const { sites } = parsed.data;
  const again = (keys: readonly string[]): number =>
    keys.findIndex((key, index) => keys.indexOf(key) < index);
  const id = again(sites.map((site) => site.id));
  if (id >= 0) return fail(refused(fileName, `sites.${id}.id`, TWICE));
  const code = again(sites.map((site) => `${site.scheme} ${site.code}`));
  if (code >= 0) return fail(refused(fileName, `sites.${code}.code`, TWICE));
  return ok(parsed.data);
}

/** A file that is there, or may be, and can't be read. */
export const unreadableTerms = (fileName: string, error: unknown): Problem => {
  const why = wordsOf(error);
  return refused(fileName, "", said(`it can't be read (${why})`, `无法读取（${why}）`));
};

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The rule of the innermost field that has one. */
const ruleOf = (path: readonly PropertyKey[]): LocalText | undefined =>
  path
    .toReversed()
    .map((key) => RULES[String(key)])
    .find((rule) => rule !== undefined);

function refused(fileName: string, where: string, why: LocalText): Problem {
  return {
    code: "terms/invalid",
    severity: "error",
    details: { file: fileName, where },
    text: {
      en: `The department's terms are not used: ${fileName}${where && `, ${where}`}: ${why.en}. Correct the file and start again (load the page anew); the program's own sites are all there`,
      zh: `未采用科室术语：${fileName}${where && `，${where}`}：${why.zh}。请更正文件后重新打开（重新载入页面）；程序自带部位均可使用`,
    },
  };
}
