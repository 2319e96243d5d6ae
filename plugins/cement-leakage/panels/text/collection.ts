// Words of putting teaching cases together, in both languages.
import type { CaseKind } from "../../teaching/compose-collection.ts";

export const collectionEn = {
  title: "A quiz of several cases",
  lead: "Saved cases in one offline page: shuffled, one question after the other, points for each site, and a learner's answers as CSV. Nothing leaves this machine.",
  add: "Drop saved teaching cases (HTML or zip) here, or choose them",
  refused: (files: string) =>
    `No teaching case saved by this program: ${files}. Choose the HTML file or the zip that Save HTML or Save zip wrote.`,
  kinds: {
    leak: "leak",
    mimic: "no leak, looks like cement",
    noLeak: "no leak",
  } satisfies Record<CaseKind, string>,
  named: (caseId: string, title: string) => `${caseId}, ${title}`,
  sites: (kind: string, sites: readonly string[]) => `${kind}: ${sites.join(", ")}`,
  remove: (caseId: string) => `Take ${caseId} out`,
  name: "Title of the quiz",
  save: (count: number) => `Save a quiz of ${count}`,
  tooLarge: "Together these cases are too large for one page. Choose fewer.",
  clean: "Saved. No name of its files is in it; each case was searched for its patient when it was made.",
  found: (names: string) =>
    `Not saved: a name of the chosen files stands in the page: ${names}. Rename the files, or change the title.`,
};

export const collectionZh: typeof collectionEn = {
  title: "多病例测验",
  lead: "将已保存的病例合成一个离线页面：随机排列、逐题作答、按部位计分，并可将学员答案导出为 CSV。任何内容都不会离开本机。",
  add: "将已保存的教学病例（HTML 或 zip）拖到此处，或点击选择",
  refused: (files) => `不是本程序保存的教学病例：${files}。请选择“保存 HTML”或“保存 zip”生成的文件。`,
  kinds: { leak: "有渗漏", mimic: "无渗漏，有类似骨水泥的结构", noLeak: "无渗漏" },
  named: (caseId, title) => `${caseId}，${title}`,
  sites: (kind, sites) => `${kind}：${sites.join("、")}`,
  remove: (caseId) => `移除 ${caseId}`,
  name: "测验标题",
  save: (count) => `保存含 ${count} 个病例的测验`,
  tooLarge: "这些病例合计过大，无法放入一个页面。请减少病例。",
  clean: "已保存。其文件名均未出现在页面中；每个病例在制作时已检查过患者信息。",
  found: (names) => `未保存：所选文件的名称出现在页面中：${names}。请重命名文件或更改标题。`,
};
