// Sentences about the values of a series: no HU, contrast, a decoder that did not come back.
import type { Sentences } from "./problem-text.ts";

/** Why values are no HU. */
const NO_HU: Readonly<Record<string, { readonly en: string; readonly zh: string }>> = {
  "unit-unspecified": {
    en: "the files name no unit: Rescale Type US",
    zh: "文件未指明单位：Rescale Type US",
  },
  "cone-beam-object": { en: "cone-beam CT of an angiography suite", zh: "血管造影机锥形束 CT" },
  "no-rescale": {
    en: "the files have no Rescale Slope and Intercept",
    zh: "文件缺少 Rescale Slope 与 Intercept",
  },
  "values-cannot-be-hu": { en: "no voxel is as dark as fat or gas", zh: "没有体素暗至脂肪或气体" },
};

export const valueSentences: Sentences = {
  "stack/not-hounsfield-some": {
    en: (d) =>
      `The values of ${d.fileName} are not Hounsfield units, those of ${d.otherFileName} are. Open one series at a time.`,
    zh: (d) => `${d.fileName} 的数值不是亨氏单位，而 ${d.otherFileName} 的是。请一次打开一个序列。`,
  },
  "values/uncalibrated": {
    en: (d) =>
      `NOT CALIBRATED: no HU (${NO_HU[String(d.because)]?.en ?? d.because}). The threshold is relative, between air, soft tissue and cement; sites, millimetres and volumes by voxel count hold. HU, their statistics and volume estimates that rest on them are withheld here and in every export.`,
    zh: (d) =>
      `未校准：无 HU（${NO_HU[String(d.because)]?.zh ?? d.because}）。阈值为相对值，介于空气、软组织与骨水泥之间；部位、毫米及按体素计数的体积有效。HU、其统计值及依赖 HU 的体积估计在此处和所有导出中均不提供。`,
  },
  "values/contrast-given": {
    en: (d) =>
      `Contrast was given (${d.agent}): a vein with contrast looks like cement in it. Proposals of venous and epidural leaks are one step less sure.`,
    zh: (d) =>
      `已使用对比剂（${d.agent}）：强化的静脉与静脉内骨水泥相似。静脉及硬膜外渗漏的提示把握度降低一级。`,
  },
  "load/no-relative-scale": {
    en: () =>
      "The values of this series are not Hounsfield units, and air and soft tissue do not stand out in them: nothing would tell cement from bone. It was not opened; open a conventional CT.",
    zh: () =>
      "该序列的数值不是亨氏单位，且其中无法区分空气与软组织，不能分辨骨水泥与骨。序列未打开；请打开常规 CT。",
  },
  "decode/took-too-long": {
    en: (d) =>
      `The image in ${d.fileName} kept its decoder busy for more than ${d.seconds} s, so it was given up: it is damaged. Its series was not opened; the open case and your work are unharmed. Copy the file again from its source.`,
    zh: (d) =>
      `${d.fileName} 中的图像使解码器忙碌超过 ${d.seconds} 秒，已放弃：该图像已损坏。其序列未打开；已打开的病例和您的工作不受影响。请从来源重新复制该文件。`,
  },
};
