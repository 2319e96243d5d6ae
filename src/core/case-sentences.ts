// Sentences of what can go wrong with an opened case: its saved work, its segmentations and exports, the program itself.
import type { Sentences } from "./problem-text.ts";

export const caseSentences: Sentences = {
  "app/unexpected": {
    en: (d) =>
      `The program met an unexpected fault (${d.where}: ${d.message}). Your work is saved; reload the page if something does not respond.`,
    zh: (d) => `程序出现意外错误（${d.where}：${d.message}）。您的工作已保存；如无响应请重新加载页面。`,
  },
  "worker/crashed": {
    en: () =>
      "The background process stopped, perhaps for lack of memory. Reload the page and open the case again; your work is saved.",
    zh: () => "后台进程已停止，可能是内存不足。请重新加载页面并再次打开病例；您的工作已保存。",
  },
  "case/none-open": {
    en: () => "No case is open. Open a CT series first.",
    zh: () => "尚未打开病例。请先打开 CT 序列。",
  },
  "open/nothing-to-show": {
    en: (d) =>
      `Nothing in the ${d.files} files can be opened as a CT series (${d.rejected} were rejected). Open the folder that holds the CT images.`,
    zh: (d) =>
      `所选 ${d.files} 个文件中没有可打开的 CT 序列（${d.rejected} 个被拒绝）。请打开包含 CT 图像的文件夹。`,
  },
  "open/findings-without-ct": {
    en: () => "Findings were given without their CT. Open the CT series together with them.",
    zh: () => "仅提供了结果文件，没有对应的 CT。请与 CT 序列一起打开。",
  },
  "open/prior-of-another-patient": {
    en: () =>
      "The chosen series belongs to another patient and cannot be shown as a prior. Choose an earlier CT of the same patient.",
    zh: () => "所选序列属于另一位患者，不能作为既往检查显示。请选择同一患者的既往 CT。",
  },
  "journal/restored": {
    en: () => "Your earlier work on this case was restored.",
    zh: () => "已恢复您之前在此病例上的工作。",
  },
  "journal/not-restored": {
    en: () =>
      "Earlier work on this case was found but could not be restored. Open your last export to continue from it.",
    zh: () => "发现此病例的既往工作，但无法恢复。请打开最近一次导出以继续。",
  },
  "journal/not-saved": {
    en: () =>
      "The last change could not be saved in this browser. Export your work now, then check that storage is allowed and not full.",
    zh: () => "上一次更改无法保存到浏览器。请立即导出，然后检查浏览器存储是否被允许且未满。",
  },
  "seg/not-a-segmentation": {
    en: (d) => `This object is no DICOM segmentation (SOP class ${d.sopClassUid}). Open a SEG file.`,
    zh: (d) => `该对象不是 DICOM 分割（SOP 类 ${d.sopClassUid}）。请打开 SEG 文件。`,
  },
  "seg/other-study": {
    en: (d) =>
      `The segmentation "${d.label}" belongs to another study and was not opened. Open it with its own CT.`,
    zh: (d) => `分割“${d.label}”属于另一检查，未打开。请与其对应的 CT 一起打开。`,
  },
  "seg/other-series": {
    en: () => "The segmentation was made on another series of this study. Check that it fits the images.",
    zh: () => "该分割基于本检查的另一序列。请检查其与图像是否吻合。",
  },
  "seg/other-frame-of-reference": {
    en: (d) =>
      `The segmentation "${d.label}" lies in another frame of reference and was not opened. Open it with its own CT.`,
    zh: (d) => `分割“${d.label}”处于另一参考坐标系，未打开。请与其对应的 CT 一起打开。`,
  },
  "seg/fractional": {
    en: (d) =>
      `The segmentation "${d.label}" is fractional; only binary and label map segmentations can be edited. Convert it first.`,
    zh: (d) => `分割“${d.label}”为分数型；仅能编辑二值与标签图分割。请先转换。`,
  },
  "seg/compressed": {
    en: (d) =>
      `The segmentation is stored as ${d.transferSyntax}, which cannot be decoded. Export it uncompressed.`,
    zh: (d) => `该分割以 ${d.transferSyntax} 存储，无法解码。请以未压缩格式导出。`,
  },
  "seg/malformed": {
    en: (d) => `The segmentation is damaged or incomplete (${d.what}) and was not opened. Export it again.`,
    zh: (d) => `该分割已损坏或不完整（${d.what}），未打开。请重新导出。`,
  },
  "seg/no-position": {
    en: (d) =>
      `Frame ${d.frame} of the segmentation does not say where it lies; the segmentation was not opened. Export it again.`,
    zh: (d) => `该分割第 ${d.frame} 帧未注明位置，未打开。请重新导出。`,
  },
  "seg/other-grid": {
    en: () =>
      "The segmentation lies on another pixel grid than this series and was not opened. Open it with its own CT.",
    zh: () => "该分割的像素网格与本序列不同，未打开。请与其对应的 CT 一起打开。",
  },
  "seg/outside-volume": {
    en: () =>
      "Parts of the segmentation lie outside this series and are not shown. Open the whole CT series.",
    zh: () => "分割的一部分位于本序列之外，未显示。请打开完整的 CT 序列。",
  },
  "seg/undescribed-segment": {
    en: () =>
      "The segmentation uses a segment that it does not describe and was not opened. Export it again.",
    zh: () => "该分割使用了未描述的分段，未打开。请重新导出。",
  },
  "seg/empty-segment": {
    en: (d) =>
      `The segment "${d.label ?? d.segmentNumber}" has no voxels and cannot be exported. Remove it or draw it.`,
    zh: (d) => `分段“${d.label ?? d.segmentNumber}”没有体素，无法导出。请将其移除或绘制。`,
  },
  "seg/no-segments": {
    en: () => "There is nothing to export: no segment has voxels. Find the cement first.",
    zh: () => "没有可导出的内容：所有分段均无体素。请先查找骨水泥。",
  },
  "seg/no-frame-of-reference": {
    en: () =>
      "The CT has no Frame of Reference UID, so that a segmentation cannot be tied to it. Export findings as JSON or CSV instead.",
    zh: () => "该 CT 缺少参考坐标系 UID，分割无法与其关联。请改为导出 JSON 或 CSV。",
  },
  "export/no-study-uid": {
    en: () =>
      "The CT has no Study Instance UID, so that DICOM exports cannot belong to its study. Export findings as JSON or CSV instead.",
    zh: () => "该 CT 缺少检查实例 UID，DICOM 导出无法归入该检查。请改为导出 JSON 或 CSV。",
  },
};
