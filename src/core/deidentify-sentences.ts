// Sentences of what keeps an object from leaving as part of a teaching case, and of what the author has to decide.
import type { Sentences } from "./problem-text.ts";

const LOOK_EN: Readonly<Record<string, string>> = {
  "burned-in": "says that words are burned into its pixels",
  capture: "is a picture, whose pixels may show a name",
  "not-axial": "is no axial slice (a localizer, screen or reformat)",
};
const LOOK_ZH: Readonly<Record<string, string>> = {
  "burned-in": "声明像素中烧入了文字",
  capture: "为图片类图像，像素中可能含有姓名",
  "not-axial": "不是横断面图像（定位像、屏幕截图或重建）",
};

const HEAD_EN: Readonly<Record<string, string>> = {
  name: "names head, neck or the whole body",
  length: "is so long that the head may be on it",
  neck: "shows what may be a face or a neck",
};
const HEAD_ZH: Readonly<Record<string, string>> = {
  name: "标明头、颈或全身",
  length: "覆盖过长，可能包含头部",
  neck: "可能显示面部或颈部",
};

export const deidentifySentences: Sentences = {
  "deidentify/class": {
    en: (d) =>
      `${d.fileName} was left out: objects of its kind (${d.sopClass}) are not de-identified here. CT, segmentations, reports and key images are.`,
    zh: (d) =>
      `${d.fileName} 未纳入：此类对象（${d.sopClass}）不在此处去标识。可处理 CT、分割、报告和关键图像。`,
  },
  "deidentify/look-first": {
    en: (d) =>
      `${d.fileName} was left out: it ${LOOK_EN[String(d.why)] ?? "has to be looked at"}. Look at every frame, and let it go only if nothing in it identifies anyone.`,
    zh: (d) =>
      `${d.fileName} 未纳入：${LOOK_ZH[String(d.why)] ?? "需要先查看"}。请逐帧查看，确认无任何可识别信息后再放行。`,
  },
  "deidentify/case-images": {
    en: (d) =>
      `No teaching case is made of this CT: ${d.fileName} ${LOOK_EN[String(d.why)] ?? "has to be looked at"}, and page and pictures would show it. Open a reconstruction without it.`,
    zh: (d) =>
      `无法用该 CT 制作教学病例：${d.fileName} ${LOOK_ZH[String(d.why)] ?? "需要先查看"}，页面和图片会显示它。请打开不含此内容的重建。`,
  },
  "deidentify/other-patient": {
    en: (d) =>
      `${d.fileName} was left out: by its Patient ID it is not of this patient. A teaching case is of one patient.`,
    zh: (d) => `${d.fileName} 未纳入：按患者 ID 不属于该患者。教学病例只能属于同一患者。`,
  },
  "deidentify/not-shown": {
    en: (d) =>
      `${d.fileName} can't be shown here, so nobody can look for words in its pixels, and it does not leave. Leave it out.`,
    zh: (d) => `${d.fileName} 无法在此显示，无法检查像素中的文字，因此不得导出。请将其排除。`,
  },
  "deidentify/patients": {
    en: (d) => `The files are of ${d.count} patients by their IDs. Choose the files of one patient.`,
    zh: (d) => `按患者 ID，这些文件属于 ${d.count} 位患者。请选择同一患者的文件。`,
  },
  "deidentify/may-show-head": {
    en: (d) =>
      `The CT ${HEAD_EN[String(d.why)] ?? HEAD_EN.length} (${d.lengthMm} mm would leave): a face can be made from it. Crop it to the region of interest, or look through it and say that no head is on it.`,
    zh: (d) =>
      `CT ${HEAD_ZH[String(d.why)] ?? HEAD_ZH.length}（将保留 ${d.lengthMm} mm）：可由此重建面部。请裁剪到感兴趣区，或查看后确认不含头部。`,
  },
  "deidentify/shows-head": {
    en: (d) =>
      `The CT shows a skull over ${d.lengthMm} mm: a closed ring of bone around brain. A face can be made from it, so it does not leave. Crop it below the head.`,
    zh: (d) =>
      `CT 有 ${d.lengthMm} mm 显示颅骨（包围脑组织的闭合骨环），可由此重建面部，不得导出。请裁剪到头部以下。`,
  },
  "deidentify/crop-cuts-segment": {
    en: (d) =>
      `The crop would cut voxels of a segment in ${d.fileName}, and its measured values would be wrong. Make the crop larger.`,
    zh: (d) => `裁剪会切掉 ${d.fileName} 中分割的体素，测量值将不再正确。请扩大裁剪范围。`,
  },
  "deidentify/crop-outside": {
    en: (d) =>
      `The crop does not lie within ${d.fileName} (${d.columns} x ${d.rows} pixels), or its pixels are incomplete. Crop the series again.`,
    zh: (d) =>
      `裁剪范围不在 ${d.fileName}（${d.columns} × ${d.rows} 像素）之内，或其像素不完整。请重新裁剪该序列。`,
  },
  "deidentify/no-geometry": {
    en: (d) => `${d.fileName} can't be cropped: it does not say where its pixels lie. Leave it out.`,
    zh: (d) => `${d.fileName} 无法裁剪：未说明像素的位置。请将其排除。`,
  },
  "deidentify/compressed-colour": {
    en: (d) => `${d.fileName} is a compressed colour picture, which is not de-identified here. Leave it out.`,
    zh: (d) => `${d.fileName} 为压缩彩色图像，此处不能去标识。请将其排除。`,
  },
  "deidentify/nothing-left": {
    en: (d) =>
      `Nothing of ${d.fileName} may leave: all images that it refers to were cropped away. Leave it out.`,
    zh: (d) => `${d.fileName} 中没有可保留的内容：其引用的图像均已被裁掉。请将其排除。`,
  },
};
