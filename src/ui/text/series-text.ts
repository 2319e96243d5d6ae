// Every word of the series list, in English and Simplified Chinese.
import type { AsideReason, Merit } from "#core/study";

const en = {
  title: "Series found",
  openAs: "Open as",
  openMain: "The CT to read",
  openPrior: "Earlier CT beside it",
  open: "Open",
  openNamed: (what: string) => `Open ${what}`,
  hint: "↑ ↓ choose a series, Enter opens it",
  patientId: (id: string) => `Patient ID ${id}`,
  noPatientId: "No patient ID in the files",
  nobody: "no name",
  born: (date: string) => `born ${date}`,
  severalPatients: (count: number) =>
    `The files are of ${count} patients. Different patient IDs are different patients here, whatever the names.`,
  noId: "Without an ID nothing is compared between studies: whose they are is not guessed.",
  undated: "no date",
  newest: "newest",
  earlier: (days: number) =>
    days === 0
      ? "the same day"
      : days < 60
        ? `${days} ${days === 1 ? "day" : "days"} earlier`
        : days < 730
          ? `${Math.round(days / 30.44)} months earlier`
          : `${(days / 365.25).toFixed(1)} years earlier`,
  proposed: (reasons: readonly string[]) => `proposed: ${reasons.join(", ")}`,
  spacing: (mm: string) => `${mm} mm`,
  sliceOf: (spacing: string, thickness: string) => `${spacing} mm apart, ${thickness} mm thick`,
  merits: {
    thin: "thin slices",
    "bone-kernel": "bone kernel",
    "metal-artefact-reduction": "metal artefact reduction",
  } satisfies Record<Merit, string>,
  images: (count: number) => `${count} ${count === 1 ? "image" : "images"}`,
  kernel: (name: string) => `kernel ${name}`,
  unnamed: (number: string) => (number === "" ? "without description" : `series ${number}`),
  keptApart: (count: number, reasons: readonly string[]) => `${count} kept apart: ${reasons.join(", ")}`,
  aside: {
    localizer: "scout",
    capture: "screen or capture",
    dose: "dose screen",
    "few-slices": "few slices",
    "other-modality": "not CT",
  } satisfies Record<AsideReason, string>,
  asideWhy: {
    localizer: "A scout: a projection for planning, not slices.",
    capture: "A stored screen or other picture without Hounsfield units.",
    dose: "A dose screen.",
    "few-slices": "Too few slices for a volume: a monitoring scan or single images.",
    "other-modality": "Only CT can be read for cement.",
  } satisfies Record<AsideReason, string>,
  otherPatient: "another patient",
  isOpen: "open now",
  picture: (what: string) => `Middle image of ${what}`,
  noPicture: "no picture",
  objects: (count: number) =>
    `${count} ${count === 1 ? "segmentation, report or findings file" : "segmentations, reports or findings files"} came with the images; what belongs to the series is read when it opens.`,
  rejected: (count: number) => `${count} ${count === 1 ? "file was" : "files were"} not used`,
  moreFiles: (count: number) => `and ${count} more`,
};

export type SeriesText = typeof en;

const zh: SeriesText = {
  title: "找到的序列",
  openAs: "打开为",
  openMain: "待阅 CT",
  openPrior: "对照的既往 CT",
  open: "打开",
  openNamed: (what) => `打开 ${what}`,
  hint: "↑ ↓ 选择序列，回车打开",
  patientId: (id) => `患者 ID ${id}`,
  noPatientId: "文件中没有患者 ID",
  nobody: "无姓名",
  born: (date) => `出生 ${date}`,
  severalPatients: (count) => `文件属于 ${count} 位患者。此处以患者 ID 区分患者，与姓名无关。`,
  noId: "没有 ID 时不在检查之间比较：不猜测其归属。",
  undated: "无日期",
  newest: "最新",
  earlier: (days) =>
    days === 0
      ? "同一天"
      : days < 60
        ? `早 ${days} 天`
        : days < 730
          ? `早 ${Math.round(days / 30.44)} 个月`
          : `早 ${(days / 365.25).toFixed(1)} 年`,
  proposed: (reasons) => `推荐：${reasons.join("，")}`,
  spacing: (mm) => `${mm} mm`,
  sliceOf: (spacing, thickness) => `间距 ${spacing} mm，层厚 ${thickness} mm`,
  merits: {
    thin: "薄层",
    "bone-kernel": "骨算法",
    "metal-artefact-reduction": "去金属伪影",
  },
  images: (count) => `${count} 幅图像`,
  kernel: (name) => `卷积核 ${name}`,
  unnamed: (number) => (number === "" ? "无描述" : `序列 ${number}`),
  keptApart: (count, reasons) => `另列 ${count} 个：${reasons.join("，")}`,
  aside: {
    localizer: "定位像",
    capture: "屏幕截图",
    dose: "剂量页",
    "few-slices": "层数过少",
    "other-modality": "非 CT",
  },
  asideWhy: {
    localizer: "定位像：用于规划的投影，不是断层。",
    capture: "存储的屏幕或其他图片，没有 HU 值。",
    dose: "剂量页。",
    "few-slices": "层数过少，不成容积：监测扫描或单幅图像。",
    "other-modality": "只有 CT 可用于骨水泥阅片。",
  },
  otherPatient: "另一位患者",
  isOpen: "已打开",
  picture: (what) => `${what} 的中间图像`,
  noPicture: "无图",
  objects: (count) => `随图像还有 ${count} 个分割、报告或结果文件；打开序列时读入其中属于它的。`,
  rejected: (count) => `${count} 个文件未使用`,
  moreFiles: (count) => `另有 ${count} 个`,
};

export const seriesText = { en, zh };
