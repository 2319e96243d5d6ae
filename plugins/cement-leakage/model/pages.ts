// The doors of the start page that lead to this plugin: plain data, part of its manifest.
export const pages = [
  {
    id: "cement-leakage/cohort",
    path: "cohort",
    title: { en: "Review a cohort", zh: "队列评估" },
    hint: {
      en: "Leakage rates with denominators and intervals over many signed cases; from every number to the cases behind it.",
      zh: "对多例已签署病例统计渗漏率，附分母与区间；每个数字均可回到其病例。",
    },
    fromCase: { exporter: "cement-leakage/export-json" },
  },
  {
    id: "cement-leakage/teaching",
    path: "teaching",
    title: { en: "Make a teaching case", zh: "制作教学病例" },
    hint: {
      en: "A de-identified case in one file from a finished reading: an unknown with questions, playable offline.",
      zh: "由已完成的阅片生成单文件去标识化病例：带提问的未知病例，可离线播放。",
    },
    fromCase: { command: "cement-leakage/teach" },
  },
] as const;
