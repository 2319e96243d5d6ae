// Why a case is not exported, in words: the plugin's own problems carry their text.
import type { Problem, ProblemDetails } from "#core/problem";
import type { LocalText } from "../model/sites.ts";

const TEXTS = {
  "export/no-cement": {
    en: "No cement was segmented, so there is no DICOM segmentation and no report; the findings say so as JSON, table and text.",
    zh: "未分割任何骨水泥，因此没有 DICOM 分割与报告；结果以 JSON、表格和文本说明。",
  },
  "export/no-leak": {
    en: "No leak has voxels, so there are no key images.",
    zh: "没有含体素的渗漏，因此没有关键图像。",
  },
  "export/other-series": {
    en: "These findings belong to another CT series than the one that is open; open that series to export them.",
    zh: "该结果属于另一 CT 序列；请打开对应序列后再导出。",
  },
  "nifti/uneven": {
    en: "The slices of this CT are at uneven distances, which a NIfTI file cannot say: it would put voxels in the wrong place. Use the DICOM SEG.",
    zh: "该 CT 的层间距不均匀，NIfTI 文件无法表示，体素位置会出错。请使用 DICOM SEG。",
  },
  "export/side-not-confirmed": {
    en: "Patient position and image orientation contradict each other: confirm left and right before exporting.",
    zh: "患者体位与图像方向相互矛盾：请先确认左右侧再导出。",
  },
} as const satisfies Readonly<Record<string, LocalText>>;

export const refusal = (code: keyof typeof TEXTS, details: ProblemDetails = {}): Problem => ({
  code,
  severity: "error",
  details,
  text: TEXTS[code],
});
