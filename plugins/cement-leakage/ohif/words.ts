// What the adapter says by itself, in both languages.
import { problem, type Locale, type Problem, type ProblemDetails } from "#core/problem";

const en = {
  title: "Bone cement",
  noCt: "Show a CT in a viewport: it is then read here.",
  shownElse: (series: string) => `The active viewport shows another series: ${series}.`,
  readThis: "Read this one",
  opening: "Reading the CT's own files …",
  notOpen: "This CT is not open here.",
  tryAgain: "Try again",
  cancel: "Stop",
  menu: "More: files, OHIF's segmentations, the full viewer",
  openFindings: "Open findings from files …",
  openFindingsHint: "SEG, SR or JSON of this CT",
  saveCase: "Save this case as a file",
  saveCaseHint: "To go on with it in another browser, here or in the full viewer",
  takeCase: "Go on with a case from a file …",
  takeCaseHint: "What is saved here of this CT is set aside, not lost",
  openInViewer: "This case in the full viewer ↗",
  openInViewerHint: "Earlier CT, oblique planes, 3D; the reading goes on there, in one of the two at a time",
  withCase: "In the full viewer, with this case",
  withoutCase: (why: string) => `In the full viewer, without this case: ${why}`,
  takesNoCase: "it takes none",
  otherServer: "the viewer lies on another server. Save the case as a file and open it there",
  mirror: "Leaks to OHIF",
  mirrorHint:
    "Copies the confirmed leaks into OHIF's own segmentation panel, for its tools and its 3D. Changes made there don't come back.",
  mirrored: (leaks: number) =>
    leaks === 1 ? "1 leak copied to OHIF's segmentations" : `${leaks} leaks copied to OHIF's segmentations`,
  noLeaks: "There is no confirmed leak to copy yet.",
  segmentation: "Bone cement leaks (copy)",
};
export type Words = typeof en;

const zh: Words = {
  title: "骨水泥",
  noCt: "请在视口中显示 CT，随后将在此处阅片。",
  shownElse: (series) => `当前视口显示的是另一序列：${series}。`,
  readThis: "改读此序列",
  opening: "正在读取 CT 原始文件……",
  notOpen: "此 CT 未能在此打开。",
  tryAgain: "重试",
  cancel: "停止",
  menu: "更多：文件、OHIF 分割、完整阅片器",
  openFindings: "打开文件中的结果……",
  openFindingsHint: "此 CT 的 SEG、SR 或 JSON",
  saveCase: "将此病例存为文件",
  saveCaseHint: "以便在另一浏览器、此处或完整阅片器中继续",
  takeCase: "从文件继续病例……",
  takeCaseHint: "此处已保存的内容会被搁置，不会丢失",
  openInViewer: "在完整阅片器中打开此病例 ↗",
  openInViewerHint: "既往 CT、斜面、三维；在那里继续阅片，同一时间只在一处进行",
  withCase: "在完整阅片器中，带入此病例",
  withoutCase: (why) => `在完整阅片器中，不带入此病例：${why}`,
  takesNoCase: "该页面不接收病例",
  otherServer: "阅片器位于其他服务器。请将病例存为文件后在那里打开",
  mirror: "复制渗漏到 OHIF",
  mirrorHint: "将已确认的渗漏复制到 OHIF 自身的分割面板，供其工具和三维使用。在那里的修改不会返回。",
  mirrored: (leaks) => `已将 ${leaks} 处渗漏复制到 OHIF 的分割`,
  noLeaks: "尚无已确认的渗漏可复制。",
  segmentation: "骨水泥渗漏（副本）",
};

export const wordsIn = (locale: Locale): Words => ({ en, zh })[locale];

/** A problem with its sentence in both languages. */
const said = (code: string, details: ProblemDetails, text: Record<Locale, string>): Problem => ({
  ...problem(code, details),
  text,
});

export const noFile = (image: string, why: string): Problem =>
  said(
    "ohif/no-file",
    { image, why },
    {
      en: `OHIF gave no file for ${image} (${why}). The reading needs the CT's own files: open the study again, or read it in the Cement Leakage Viewer.`,
      zh: `OHIF 未能提供图像 ${image} 的文件（${why}）。阅片需要 CT 原始文件：请重新打开检查，或在骨水泥渗漏阅片器中阅片。`,
    },
  );

export const noWindow = (): Problem =>
  said(
    "ohif/no-window",
    {},
    {
      en: "The full viewer could not be opened: the browser let no window open, or the viewer lies on another server. Allow windows for this page, or save the case as a file and open it there.",
      zh: "无法打开完整阅片器：浏览器阻止了新窗口，或阅片器位于其他服务器。请允许本页面打开窗口，或将病例存为文件后在那里打开。",
    },
  );

export const noWholeImages = (): Problem =>
  said(
    "ohif/no-whole-images",
    {},
    {
      en: "This data source of OHIF gives no whole DICOM files (its parts lie at different addresses, or it is a static folder). The reading needs the CT's own files: open them from the disk, or read the case in the Cement Leakage Viewer.",
      zh: "OHIF 的此数据源不提供完整的 DICOM 文件（其各部分地址不同，或为静态文件夹）。阅片需要 CT 原始文件：请从磁盘打开，或在骨水泥渗漏阅片器中阅片。",
    },
  );
