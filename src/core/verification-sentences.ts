// The words of the verification log: for each check what it is, what was found, and what was done. Clauses without a full stop.
import type { Locale, ProblemDetails } from "./problem.ts";
import type { VerificationOutcome } from "./verification-log.ts";

type Clause = (figures: ProblemDetails, outcome: VerificationOutcome) => string;

interface Words {
  readonly checked: string;
  readonly found: Clause;
  readonly done?: Clause;
}

export type VerificationSentences = Readonly<Record<string, Readonly<Record<Locale, Words>>>>;

const mm = (value: ProblemDetails[string], digits = 3): string => `${Number(value).toFixed(digits)} mm`;
/** "1.50 mm to 7.00 mm", or one where all are the same. */
const thickness = (d: ProblemDetails, to: string): string =>
  d.thicknessMm === d.thickestMm
    ? mm(d.thicknessMm, 2)
    : `${mm(d.thicknessMm, 2)} ${to} ${mm(d.thickestMm, 2)}`;
const degrees = (value: ProblemDetails[string]): string => `${Number(value).toFixed(1)}°`;
/** At most four decimals, as many as there are. */
const short = (value: ProblemDetails[string]): number => Number(Number(value).toFixed(4));
const counted = (value: ProblemDetails[string], one: string, several: string): string =>
  `${value} ${value === 1 ? one : several}`;
const listed = (parts: readonly (string | false)[], between: string): string =>
  parts.filter(Boolean).join(between);

const planes: Readonly<Record<string, readonly [string, string]>> = {
  axial: ["Axial", "横断面"],
  sagittal: ["Sagittal", "矢状面"],
  coronal: ["Coronal", "冠状面"],
};

export const verificationSentences: VerificationSentences = {
  "identity/patient": {
    en: {
      checked: "One patient, one study",
      found: (d) =>
        d.named
          ? `all ${d.images} images name one patient ID, one name and one study`
          : `all ${d.images} images agree, but they name no patient ID`,
      done: (d) => (d.named ? "" : "Nothing was put in its place; the exports have none either"),
    },
    zh: {
      checked: "同一患者、同一检查",
      found: (d) =>
        d.named
          ? `全部 ${d.images} 张图像的患者 ID、姓名与检查均一致`
          : `全部 ${d.images} 张图像一致，但未注明患者 ID`,
      done: (d) => (d.named ? "" : "未作任何补充；导出结果中同样没有"),
    },
  },
  "identity/frame-of-reference": {
    en: {
      checked: "Frame of reference",
      found: (_, outcome) => (outcome === "passed" ? "one in all images" : "not stated in any image"),
      done: (_, outcome) => (outcome === "passed" ? "" : "DICOM SEG and SR can't be tied to this series"),
    },
    zh: {
      checked: "参考坐标系",
      found: (_, outcome) => (outcome === "passed" ? "所有图像一致" : "所有图像均未注明"),
      done: (_, outcome) => (outcome === "passed" ? "" : "DICOM SEG 与 SR 无法与该序列关联"),
    },
  },
  "images/used": {
    en: {
      checked: "Images used",
      found: (d) =>
        listed(
          [
            `${d.used} of ${d.given}`,
            d.localizers !== 0 && counted(d.localizers, "scout", "scouts"),
            d.screens !== 0 && counted(d.screens, "screen or report image", "screen or report images"),
            d.copies !== 0 && `${counted(d.copies, "file", "files")} given twice`,
          ],
          ", ",
        ),
      done: (_, outcome) => (outcome === "passed" ? "" : "Set aside; each slice counts once"),
    },
    zh: {
      checked: "使用的图像",
      found: (d) =>
        listed(
          [
            `${d.given} 张中的 ${d.used} 张`,
            d.localizers !== 0 && `定位像 ${d.localizers} 张`,
            d.screens !== 0 && `屏幕或报告图像 ${d.screens} 张`,
            d.copies !== 0 && `重复给出 ${d.copies} 个文件`,
          ],
          "，",
        ),
      done: (_, outcome) => (outcome === "passed" ? "" : "已另置；每张切片只计一次"),
    },
  },
  "geometry/order": {
    en: {
      checked: "Order of the slices",
      found: (d) =>
        ({
          along: `by position along their normal (${d.axis}); instance numbers run the same way`,
          against: `by position along their normal (${d.axis}); instance numbers run the other way`,
          none: `by position along their normal (${d.axis}); instance numbers follow another order or are missing`,
        })[String(d.numbers)] ?? "",
      done: (_, outcome) => (outcome === "passed" ? "" : "Instance numbers and file names were not used"),
    },
    zh: {
      checked: "切片顺序",
      found: (d) =>
        ({
          along: `按沿法线（${d.axis}）的位置排列；实例号方向相同`,
          against: `按沿法线（${d.axis}）的位置排列；实例号方向相反`,
          none: `按沿法线（${d.axis}）的位置排列；实例号为其他顺序或缺失`,
        })[String(d.numbers)] ?? "",
      done: (_, outcome) => (outcome === "passed" ? "" : "未使用实例号与文件名"),
    },
  },
  "geometry/plane": {
    en: {
      checked: "Plane of the slices",
      found: (d) =>
        `${planes[String(d.plane)]?.[0] ?? d.plane}${Number(d.obliqueDegrees) >= 0.05 ? `, ${degrees(d.obliqueDegrees)} from the patient's axis` : ""}; the same in all slices (largest difference ${degrees(d.largestDifferenceDegrees)})`,
      done: (d) =>
        d.plane === "axial"
          ? ""
          : "All planes are shown by the patient's axes; the acquired one keeps its pixels",
    },
    zh: {
      checked: "切片平面",
      found: (d) =>
        `${planes[String(d.plane)]?.[1] ?? d.plane}${Number(d.obliqueDegrees) >= 0.05 ? `，与患者轴夹角 ${degrees(d.obliqueDegrees)}` : ""}；所有切片一致（最大差异 ${degrees(d.largestDifferenceDegrees)}）`,
      done: (d) => (d.plane === "axial" ? "" : "各平面按患者轴显示；采集平面保留原像素"),
    },
  },
  "geometry/spacing": {
    en: {
      checked: "Distance between slices",
      found: (d, outcome) =>
        outcome === "passed"
          ? `${d.slices} slices, spacing ${mm(d.spacingMm)}, largest deviation ${mm(d.largestDeviationMm)}`
          : `${d.slices} slices, usually ${mm(d.spacingMm)} apart, from ${mm(d.minMm)} to ${mm(d.maxMm)}; first other distance after slice ${d.afterSlice} (${d.axis} = ${d.afterMm} mm)`,
      done: (_, outcome) =>
        outcome === "passed"
          ? ""
          : "Every slice keeps its position; a voxel's volume reaches half way to each neighbour; the picture alone is resampled evenly",
    },
    zh: {
      checked: "切片间距",
      found: (d, outcome) =>
        outcome === "passed"
          ? `${d.slices} 张切片，间距 ${mm(d.spacingMm)}，最大偏差 ${mm(d.largestDeviationMm)}`
          : `${d.slices} 张切片，通常间距 ${mm(d.spacingMm)}，范围 ${mm(d.minMm)} 至 ${mm(d.maxMm)}；首处不同在第 ${d.afterSlice} 张之后（${d.axis} = ${d.afterMm} mm）`,
      done: (_, outcome) =>
        outcome === "passed"
          ? ""
          : "每张切片保持其位置；体素体积延伸至相邻切片的中点；仅显示图像作均匀重采样",
    },
  },
  "geometry/missing": {
    en: {
      checked: "Missing slices",
      found: (d, outcome) =>
        outcome === "passed"
          ? "none"
          : `${counted(d.count, "slice is", "slices are")} missing, the first after slice ${d.afterSlice} (${d.axis} = ${d.afterMm} mm, next at ${d.toMm} mm)`,
      done: (_, outcome) =>
        outcome === "passed"
          ? ""
          : "Nothing was invented: the gap is shared by the slices beside it; volumes across it are uncertain by what changed in between",
    },
    zh: {
      checked: "缺失切片",
      found: (d, outcome) =>
        outcome === "passed"
          ? "无"
          : `缺少 ${d.count} 张切片，首处在第 ${d.afterSlice} 张之后（${d.axis} = ${d.afterMm} mm，下一张在 ${d.toMm} mm）`,
      done: (_, outcome) =>
        outcome === "passed" ? "" : "未补造任何切片：间隙由两侧切片分担；跨越该处的体积因其间变化而不确定",
    },
  },
  "geometry/thickness": {
    en: {
      checked: "Slice thickness against spacing",
      found: (d, outcome) =>
        d.thicknessMm === undefined
          ? "the thickness is not stated in every slice"
          : `thickness ${thickness(d, "to")}, spacing ${mm(d.spacingMm, 2)}${outcome === "passed" ? "" : `: up to ${mm(d.unseenMm, 2)} between slices were not imaged`}`,
      done: (d, outcome) =>
        outcome === "passed" || d.thicknessMm === undefined
          ? ""
          : "Volumes take each slice as standing for the whole distance to its neighbours",
    },
    zh: {
      checked: "层厚与间距",
      found: (d, outcome) =>
        d.thicknessMm === undefined
          ? "并非每张切片都注明层厚"
          : `层厚 ${thickness(d, "至")}，间距 ${mm(d.spacingMm, 2)}${outcome === "passed" ? "" : `：切片之间最多有 ${mm(d.unseenMm, 2)} 未成像`}`,
      done: (d, outcome) =>
        outcome === "passed" || d.thicknessMm === undefined ? "" : "体积以每张切片代表至相邻切片的全部距离",
    },
  },
  "geometry/tilt": {
    en: {
      checked: "Gantry tilt",
      found: (d, outcome) =>
        outcome === "passed"
          ? "none by the positions (below 0.1°)"
          : `${degrees(d.tiltDegrees)} by the positions`,
      done: (_, outcome) =>
        outcome === "passed"
          ? ""
          : "Shown straight; masks, volumes and SEG stay on the acquired slices; growing and shrinking by mm are approximate across slices",
    },
    zh: {
      checked: "机架倾斜",
      found: (d, outcome) =>
        outcome === "passed" ? "按位置计算无倾斜（小于 0.1°）" : `按位置计算为 ${degrees(d.tiltDegrees)}`,
      done: (_, outcome) =>
        outcome === "passed"
          ? ""
          : "显示已校直；掩膜、体积与 SEG 均在采集切片上；按 mm 扩大与缩小在跨切片方向为近似",
    },
  },
  "geometry/stated-tilt": {
    en: {
      checked: "Gantry tilt as the header states it",
      found: (d, outcome) =>
        `${degrees(d.statedDegrees)}${outcome === "passed" ? ", as the positions have it" : `, but ${degrees(d.tiltDegrees)} by the positions`}`,
      done: (_, outcome) => (outcome === "passed" ? "" : "The positions are used; the stated tilt is not"),
    },
    zh: {
      checked: "文件头注明的机架倾斜",
      found: (d, outcome) =>
        `${degrees(d.statedDegrees)}${outcome === "passed" ? "，与位置一致" : `，但按位置计算为 ${degrees(d.tiltDegrees)}`}`,
      done: (_, outcome) => (outcome === "passed" ? "" : "采用位置，不采用注明的倾斜"),
    },
  },
  "geometry/shift": {
    en: {
      checked: "Slices on one line",
      found: (d, outcome) =>
        outcome === "passed"
          ? `largest sideways deviation ${mm(d.largestMm)}`
          : `slice ${d.slice} (${d.axis} = ${d.atMm} mm) lies ${mm(d.offMm, 2)} beside the line of the others`,
      done: (_, outcome) =>
        outcome === "passed" ? "" : "It keeps its position; the picture alone is resampled",
    },
    zh: {
      checked: "切片共线",
      found: (d, outcome) =>
        outcome === "passed"
          ? `最大侧向偏差 ${mm(d.largestMm)}`
          : `第 ${d.slice} 张切片（${d.axis} = ${d.atMm} mm）偏离其他切片连线 ${mm(d.offMm, 2)}`,
      done: (_, outcome) => (outcome === "passed" ? "" : "保持其位置；仅显示图像作重采样"),
    },
  },
  "geometry/pixels": {
    en: {
      checked: "Pixels",
      found: (d) =>
        `${d.columns} × ${d.rows} of ${short(d.columnSpacingMm)} mm across × ${short(d.rowSpacingMm)} mm down${d.columnSpacingMm === d.rowSpacingMm ? "" : ", not square"}; the same in all slices`,
      done: (_, outcome) => (outcome === "passed" ? "" : "Both spacings are used, in pictures and volumes"),
    },
    zh: {
      checked: "像素",
      found: (d) =>
        `${d.columns} × ${d.rows}，横向 ${short(d.columnSpacingMm)} mm × 纵向 ${short(d.rowSpacingMm)} mm${d.columnSpacingMm === d.rowSpacingMm ? "" : "，非正方形"}；所有切片一致`,
      done: (_, outcome) => (outcome === "passed" ? "" : "图像与体积均使用两个间距"),
    },
  },
  "acquisition/one": {
    en: {
      checked: "Acquisitions",
      found: (d) =>
        Number(d.acquisitions) > 1 ? `${d.acquisitions}, one after the other along the stack` : "one",
      done: (d) =>
        Number(d.acquisitions) > 1
          ? `They overlap nowhere; the first change is after slice ${d.afterSlice}`
          : "",
    },
    zh: {
      checked: "采集",
      found: (d) => (Number(d.acquisitions) > 1 ? `${d.acquisitions} 次，沿堆叠方向依次排列` : "一次"),
      done: (d) => (Number(d.acquisitions) > 1 ? `互不重叠；首次变化在第 ${d.afterSlice} 张切片之后` : ""),
    },
  },
  "orientation/side": {
    en: {
      checked: "Left and right",
      found: (d) =>
        ({
          agree: `image orientation and Patient Position ${d.patientPosition} agree`,
          reading: `Patient Position ${d.patientPosition}; the images are turned to the usual reading position, as their orientation says`,
          silent: `Patient Position ${d.patientPosition}; slices that are not axial neither confirm nor contradict it`,
          absent: "the files do not state a Patient Position",
          unknown: `Patient Position "${d.patientPosition}" is not one for CT`,
          mixed: `the slices name different Patient Positions (${d.patientPosition})`,
          contradicts: `Patient Position ${d.patientPosition} contradicts the image orientation (${d.orientation})`,
        })[String(d.agreement)] ?? "",
      done: (_, outcome) =>
        outcome === "passed"
          ? "Sides are those of the image orientation"
          : "Sides are those of the image orientation; a person has to confirm them before anything is exported",
    },
    zh: {
      checked: "左右",
      found: (d) =>
        ({
          agree: `图像方向与患者体位 ${d.patientPosition} 一致`,
          reading: `患者体位 ${d.patientPosition}；图像按其方向说明已转为常规阅片方位`,
          silent: `患者体位 ${d.patientPosition}；非横断面切片既不证实也不否定`,
          absent: "文件未注明患者体位",
          unknown: `患者体位“${d.patientPosition}”不适用于 CT`,
          mixed: `切片注明了不同的患者体位（${d.patientPosition}）`,
          contradicts: `患者体位 ${d.patientPosition} 与图像方向（${d.orientation}）矛盾`,
        })[String(d.agreement)] ?? "",
      done: (_, outcome) =>
        outcome === "passed" ? "左右以图像方向为准" : "左右以图像方向为准；导出前须由人确认",
    },
  },
  "values/units": {
    en: {
      checked: "Values",
      found: (d) =>
        `HU ${d.stated ? "as stated" : "(the unit is not stated; original CT images are in HU)"}; ${d.rescales === 1 ? `HU = stored × ${d.slope} ${Number(d.intercept) < 0 ? "−" : "+"} ${Math.abs(Number(d.intercept))} in all slices` : `${d.rescales} different conversions from stored values`}`,
      done: (d) => (d.rescales === 1 ? "" : "Each slice was converted with its own"),
    },
    zh: {
      checked: "数值",
      found: (d) =>
        `HU${d.stated ? "（已注明）" : "（未注明单位；原始 CT 图像以 HU 为单位）"}；${d.rescales === 1 ? `所有切片 HU = 存储值 × ${d.slope} ${Number(d.intercept) < 0 ? "−" : "+"} ${Math.abs(Number(d.intercept))}` : `存储值有 ${d.rescales} 种不同换算`}`,
      done: (d) => (d.rescales === 1 ? "" : "每张切片按各自参数换算"),
    },
  },
  "values/uncalibrated": {
    en: {
      checked: "Values",
      found: (d) =>
        `NOT CALIBRATED: no HU (${d.because}); air is stored as ${d.air}${d.airOutside ? " (outside the field of view; none lies in it: check the threshold)" : ""}, soft tissue as ${d.tissue}${d.clipped ? "; values stop at the scanner's ceiling" : ""}`,
      done: () => "Relative threshold; HU and what rests on them are withheld",
    },
    zh: {
      checked: "数值",
      found: (d) =>
        `未校准：无 HU（${d.because}）；空气存储值 ${d.air}${d.airOutside ? "（取自视野外；视野内无空气，请核对阈值）" : ""}，软组织 ${d.tissue}${d.clipped ? "；数值止于扫描仪上限" : ""}`,
      done: () => "使用相对阈值；不提供 HU 及依赖 HU 的数值",
    },
  },
  "values/compression": {
    en: {
      checked: "Compression",
      found: (d, outcome) =>
        outcome === "passed"
          ? `none or without loss (${d.syntax})`
          : `with loss${d.ratio === "" ? ", ratio not stated" : `, ${d.ratio}:1`} (${d.images} of ${d.of} images)`,
      done: (_, outcome) =>
        outcome === "passed" ? "" : "HU values are approximate; every export is marked as lossy",
    },
    zh: {
      checked: "压缩",
      found: (d, outcome) =>
        outcome === "passed"
          ? `无压缩或无损（${d.syntax}）`
          : `有损${d.ratio === "" ? "，压缩比未注明" : `，${d.ratio}:1`}（${d.of} 张图像中的 ${d.images} 张）`,
      done: (_, outcome) => (outcome === "passed" ? "" : "HU 值为近似值；所有导出均标记为有损"),
    },
  },
  "values/decoded": {
    en: {
      checked: "Pixels read",
      found: (d, outcome) =>
        `all ${d.slices} slices, up to ${d.highestHu} HU${outcome === "passed" ? "" : "; values outside the range, padding or rounding were met"}`,
      done: (_, outcome) => (outcome === "passed" ? "" : "The warnings of the case say which and where"),
    },
    zh: {
      checked: "像素读取",
      found: (d, outcome) =>
        `全部 ${d.slices} 张切片，最高 ${d.highestHu} HU${outcome === "passed" ? "" : "；存在超出范围的值、填充值或取整"}`,
      done: (_, outcome) => (outcome === "passed" ? "" : "具体情况与位置见病例警告"),
    },
  },
  "values/ceiling": {
    en: {
      checked: "Scanner's ceiling",
      found: (d, outcome) =>
        outcome === "passed" ? "no values pile up at the highest" : `values stop at ${d.clippedAtHu} HU`,
      done: (_, outcome) =>
        outcome === "passed" ? "" : "Maximum and mean HU of what reaches it are lower bounds",
    },
    zh: {
      checked: "扫描仪上限",
      found: (d, outcome) => (outcome === "passed" ? "最高值处无堆积" : `数值止于 ${d.clippedAtHu} HU`),
      done: (_, outcome) => (outcome === "passed" ? "" : "达到上限的部分，其最大与平均 HU 为下限"),
    },
  },
};
