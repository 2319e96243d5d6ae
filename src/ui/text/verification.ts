// Words of the verification log's dialog, in both languages.

export const verificationEn = {
  badge: "Checks",
  open: (passed: number, all: number) => `Checks ${passed}/${all} passed: open the verification log`,
  title: "What was checked when this CT was opened",
  summary: (passed: number, handled: number, attention: number) =>
    `${passed} passed, ${handled} handled, ${attention} to be noted. The log goes with every export.`,
  outcomes: { passed: "passed", handled: "handled", attention: "to be noted" },
  copy: "Copy",
  copied: "Copied",
};

export const verificationZh: typeof verificationEn = {
  badge: "核查",
  open: (passed, all) => `核查 ${passed}/${all} 通过：打开核查记录`,
  title: "打开该 CT 时的核查",
  summary: (passed, handled, attention) =>
    `${passed} 项通过，${handled} 项已处理，${attention} 项需注意。该记录随所有导出一并保存。`,
  outcomes: { passed: "通过", handled: "已处理", attention: "需注意" },
  copy: "复制",
  copied: "已复制",
};
