// Sentences about discs, folders and archives: their index, what else lies on them, whose images they are. English and Chinese.
import type { ProblemDetails } from "./problem.ts";
import type { Sentences } from "./problem-text.ts";

/** What a file that is no DICOM is, by its first bytes and its name. */
const FOREIGN: Readonly<Record<string, readonly [en: string, zh: string]>> = {
  pdf: ["a PDF document", "PDF 文档"],
  picture: ["a picture", "图片"],
  program: ["a program or a part of one (a disc's own viewer)", "程序或其组成部分（光盘自带的阅片软件）"],
  autorun: ["a disc's start file", "光盘的自动运行文件"],
  web: ["a web page or a part of one", "网页或其组成部分"],
  text: ["a text", "文本"],
  office: ["an office document", "办公文档"],
  media: ["a film or a sound", "影音文件"],
  system: ["a file of the operating system", "操作系统文件"],
};

export const foreignWords = (d: ProblemDetails): readonly [en: string, zh: string] | undefined =>
  typeof d.kind === "string" ? FOREIGN[d.kind] : undefined;

const OBJECTS: Readonly<Record<string, readonly [en: string, zh: string]>> = {
  KOS: ["a list of key images", "关键图像列表"],
  PR: ["a presentation state (how images were shown elsewhere)", "显示状态（其他工作站的显示方式）"],
  RTSTRUCT: ["a set of contours from radiotherapy", "放疗轮廓集"],
  DOSE: ["a dose report", "剂量报告"],
  OTHER: ["a DICOM object without images", "不含图像的 DICOM 对象"],
};

const objectWords = (d: ProblemDetails): readonly [string, string] =>
  OBJECTS[String(d.kind)] ?? OBJECTS.OTHER;
const files = (count: ProblemDetails[string]): string => (count === 1 ? "1 file" : `${count} files`);

export const mediaSentences: Sentences = {
  "read/nifti": {
    en: (d) =>
      `${d.fileName} is a NIfTI volume. It names no patient, study or slices, so that nothing could refer to it, and was left out. Open the DICOM series that it came from.`,
    zh: (d) =>
      `${d.fileName} 是 NIfTI 体数据，不含患者、检查和切片信息，任何结果都无法引用它，已略过。请打开其来源的 DICOM 序列。`,
  },
  "read/nrrd": {
    en: (d) =>
      `${d.fileName} is an NRRD volume. It names no patient, study or slices and was left out. Open the DICOM series or DICOM SEG instead.`,
    zh: (d) =>
      `${d.fileName} 是 NRRD 体数据，不含患者、检查和切片信息，已略过。请改为打开 DICOM 序列或 DICOM SEG。`,
  },
  "read/other-archive": {
    en: (d) => `${d.fileName} is an archive that is not a zip. Unpack it, then open its folder.`,
    zh: (d) => `${d.fileName} 是非 zip 格式的压缩包。请先解压，再打开解压后的文件夹。`,
  },
  "read/object-not-used": {
    en: (d) => `${d.fileName} is ${objectWords(d)[0]}; it is not shown here.`,
    zh: (d) => `${d.fileName} 是${objectWords(d)[1]}；此处不显示。`,
  },
  "media/complete": {
    en: (d) => `All ${files(d.total)} that the index ${d.index} names are here.`,
    zh: (d) => `目录 ${d.index} 列出的 ${d.total} 个文件均在此处。`,
  },
  "media/missing-files": {
    en: (d) =>
      `${d.index} names ${files(d.total)}, of which ${d.missing} ${d.missing === 1 ? "is" : "are"} not here, the first being ${d.first}. Copy the whole disc, or choose its folder.`,
    zh: (d) =>
      `${d.index} 列出 ${d.total} 个文件，其中 ${d.missing} 个不在此处，第一个为 ${d.first}。请复制整张光盘，或选择其文件夹。`,
  },
  "media/index-alone": {
    en: (d) =>
      `${d.index} is only the index of a disc: it names ${files(d.total)}, and none of them was chosen. Choose the folder (or the disc) that holds it.`,
    zh: (d) =>
      `${d.index} 只是光盘的目录：它列出 ${d.total} 个文件，但均未被选择。请选择其所在的文件夹（或光盘）。`,
  },
  "media/damaged-index": {
    en: (d) =>
      `The index ${d.index} can't be read. The files beside it were read one by one instead; whether any is missing can't be told.`,
    zh: (d) => `目录 ${d.index} 无法读取。已改为逐个读取其旁的文件；无法判断是否有文件缺失。`,
  },
  "media/empty-index": {
    en: (d) => `The index ${d.index} names no file. The files beside it were read one by one instead.`,
    zh: (d) => `目录 ${d.index} 未列出任何文件。已改为逐个读取其旁的文件。`,
  },
  "media/not-in-index": {
    en: (d) =>
      `${files(d.count)} beside ${d.index} ${d.count === 1 ? "is" : "are"} not named in it (the first: ${d.first}) and ${d.count === 1 ? "was" : "were"} read all the same.`,
    zh: (d) => `${d.index} 旁有 ${d.count} 个文件未列入目录（第一个：${d.first}），仍已读取。`,
  },
  "identity/other-name": {
    en: (d) =>
      `Patient ID ${d.patientId} stands with two names: “${d.first}” and “${d.other}”. Make sure that it is one person before you compare.`,
    zh: (d) => `患者 ID ${d.patientId} 对应两个姓名：“${d.first}”与“${d.other}”。比较之前请确认是同一人。`,
  },
  "identity/other-birth-date": {
    en: (d) =>
      `Patient ID ${d.patientId} stands with two birth dates: ${d.first} and ${d.other}. Make sure that it is one person before you compare.`,
    zh: (d) => `患者 ID ${d.patientId} 对应两个出生日期：${d.first} 与 ${d.other}。比较之前请确认是同一人。`,
  },
  "identity/other-sex": {
    en: (d) =>
      `Patient ID ${d.patientId} stands with two sexes: ${d.first} and ${d.other}. Make sure that it is one person before you compare.`,
    zh: (d) => `患者 ID ${d.patientId} 对应两个性别：${d.first} 与 ${d.other}。比较之前请确认是同一人。`,
  },
};
