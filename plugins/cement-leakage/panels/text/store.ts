// Words of storing in the archive, in both languages.

export const storeEn = {
  item: "Store in the archive",
  hint: (archive: string) => `SEG, SR and key images into this study: ${archive}`,
  storing: "Storing in the archive …",
  cancel: "Cancel",
  complete: "In the archive",
  incomplete: "Not all is in the archive",
  again: "Store what is missing",
  close: "Close",
  kinds: { SEG: "Segmentation", SR: "Report", KOS: "Key images" },
  states: {
    stored: "stored",
    "already-there": "was there already",
    refused: "refused",
    "not-sent": "not sent",
  },
};

export const storeZh: typeof storeEn = {
  item: "存入归档",
  hint: (archive) => `SEG、SR 与关键图像存入此检查：${archive}`,
  storing: "正在存入归档……",
  cancel: "取消",
  complete: "已在归档中",
  incomplete: "尚未全部存入归档",
  again: "存储缺失部分",
  close: "关闭",
  kinds: { SEG: "分割", SR: "报告", KOS: "关键图像" },
  states: {
    stored: "已存储",
    "already-there": "已存在",
    refused: "被拒绝",
    "not-sent": "未发送",
  },
};
