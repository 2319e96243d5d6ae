// Sentences of what can go wrong with an opened case: its saved work, its segmentations and exports, the program itself.
import type { ProblemDetails } from "./problem.ts";
import type { Sentences } from "./problem-text.ts";

const pluginRefused = (en: string, zh: string): Sentences[string] => ({
  en: (d) =>
    `The plugin ${d.plugin} was not loaded: ${en}${d.id === undefined ? "" : ` (${d.id})`}. Tell its maker.`,
  zh: (d) => `插件 ${d.plugin} 未加载：${zh}${d.id === undefined ? "" : `（${d.id}）`}。请告知其作者。`,
});

/** Whether the work is safe, where a sentence would else claim it (`notSaved` comes from the host). */
const workEn = (d: ProblemDetails): string =>
  d.notSaved === true ? "NOTHING IS SAVED in this browser: export first" : "Your work is saved";
const workZh = (d: ProblemDetails): string =>
  d.notSaved === true ? "本浏览器未保存任何内容：请先导出" : "您的工作已保存";

export const caseSentences: Sentences = {
  "app/unexpected": {
    en: (d) =>
      `The program met an unexpected fault (${d.where}: ${d.message}). ${workEn(d)}; reload the page if something does not respond.`,
    zh: (d) => `程序出现意外错误（${d.where}：${d.message}）。${workZh(d)}；如无响应请重新加载页面。`,
  },
  "app/part-not-loaded": {
    en: (d) =>
      `A part of the program could not be loaded (${d.message}). Check that its server can be reached, then try again or reload the page. ${workEn(d)}.`,
    zh: (d) =>
      `程序的一部分无法加载（${d.message}）。请确认其服务器可访问，然后重试或重新加载页面。${workZh(d)}。`,
  },
  "worker/crashed": {
    en: (d) =>
      `The background process stopped, perhaps for lack of memory. ${workEn(d)}. Reload the page and open the case again.`,
    zh: (d) => `后台进程已停止，可能是内存不足。${workZh(d)}。请重新加载页面并再次打开病例。`,
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
  "open/some-not-read": {
    en: (d) =>
      `Not all that was dropped could be read: ${d.count} left out, ${d.fileName} first: in use, moved, or not allowed to this browser. Copy the folder to this computer and open it again.`,
    zh: (d) =>
      `拖入的内容中有 ${d.count} 项无法读取（${d.fileName}）：正被占用、已移动或浏览器无权访问。请将文件夹复制到本机后重新打开。`,
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
      "Earlier work on this case was found but could not be read. It is not lost: your first change sets it aside, and the list on the start page can save it as a file. Open your last export to continue from it.",
    zh: () =>
      "发现此病例的既往工作，但无法读取。它不会丢失：您的首次更改会将其另存，并可在起始页列表中存为文件。请打开最近一次导出以继续。",
  },
  "journal/not-a-saved-case": {
    en: () =>
      "This file is not saved work of this viewer, or it is damaged; nothing was changed. Choose the zip that “Save as file” wrote.",
    zh: () => "该文件不是本阅片器保存的工作，或已损坏；未作任何更改。请选择由“存为文件”写出的 zip。",
  },
  "journal/storage-failed": {
    en: (d) =>
      `This browser's storage did not answer (${d.message}). Check that storage is allowed and not full, then try again.`,
    zh: (d) => `浏览器存储没有响应（${d.message}）。请检查存储是否被允许且未满，然后重试。`,
  },
  "journal/not-saved": {
    en: () =>
      "The last change could not be saved in this browser. Export your work now, then check that storage is allowed and not full.",
    zh: () => "上一次更改无法保存到浏览器。请立即导出，然后检查浏览器存储是否被允许且未满。",
  },
  "journal/changed-elsewhere": {
    en: () =>
      "This case was changed in another tab or window: changes made here are not saved. Export your work or close the case here, then go on in one place.",
    zh: () =>
      "此病例已在另一标签页或窗口中更改：此处的更改不会保存。请先导出，或在此关闭病例，然后只在一处继续。",
  },
  "seg/not-a-segmentation": {
    en: (d) => `This object is no DICOM segmentation (SOP class ${d.sopClassUid}). Open a SEG file.`,
    zh: (d) => `该对象不是 DICOM 分割（SOP 类 ${d.sopClassUid}）。请打开 SEG 文件。`,
  },
  "seg/of-a-slide": {
    en: (d) =>
      `The segmentation "${d.label}" was drawn on a microscope slide, which has no place in a CT; it was not opened.`,
    zh: (d) => `分割“${d.label}”绘制于显微切片，与 CT 无空间对应，未打开。`,
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
      `The segmentation "${d.label}" holds fractions: voxels of at least half the full value were taken. Check its borders.`,
    zh: (d) => `分割“${d.label}”为分数型：已取不低于满值一半的体素。请检查边界。`,
  },
  "rt/not-a-structure-set": {
    en: (d) =>
      `This object is no RT Structure Set (SOP class ${d.sopClassUid}). Open a SEG or RTSTRUCT file.`,
    zh: (d) => `该对象不是 RT 结构集（SOP 类 ${d.sopClassUid}）。请打开 SEG 或 RTSTRUCT 文件。`,
  },
  "rt/empty": {
    en: (d) => `The structure set "${d.label}" holds no closed contour and was not opened.`,
    zh: (d) => `结构集“${d.label}”不含闭合轮廓，未打开。`,
  },
  "rt/malformed": {
    en: (d) => `The structure set is damaged (${d.what} of "${d.roi}") and was not opened. Export it again.`,
    zh: (d) => `该结构集已损坏（“${d.roi}”的 ${d.what}），未打开。请重新导出。`,
  },
  "rt/off-slice": {
    en: (d) =>
      `A contour of "${d.roi}" lies ${d.offMm} mm beside every slice of this CT (at x ${d.xMm}, y ${d.yMm}, z ${d.zMm} mm), so the structure set was not opened. Open it with the CT that it was drawn on.`,
    zh: (d) =>
      `“${d.roi}”的一条轮廓不在本 CT 的任何层面上（x ${d.xMm}、y ${d.yMm}、z ${d.zMm} mm 处偏差 ${d.offMm} mm），该结构集未打开。请与其所绘制的 CT 一起打开。`,
  },
  "rt/outside-volume": {
    en: (d) =>
      `"${d.roi}" reaches outside this series (slice ${d.slice}), so the structure set was not opened. Open the whole CT series.`,
    zh: (d) => `“${d.roi}”超出本序列范围（第 ${d.slice} 层），该结构集未打开。请打开完整的 CT 序列。`,
  },
  "rt/no-contours": {
    en: (d) => `Structures without a closed contour were left out: ${d.names}.`,
    zh: (d) => `以下结构无闭合轮廓，已略过：${d.names}。`,
  },
  "rt/gaps": {
    en: (d) =>
      `${d.names}: there are slices without a contour between those with one; they are empty. Fill between slices where the structure goes on.`,
    zh: (d) => `${d.names}：有轮廓的层面之间存在无轮廓的层面，其为空。如结构连续，请使用层间填充。`,
  },
  "seg/resampled": {
    en: (d) =>
      `The segmentation was drawn on other slices (${d.columns} x ${d.rows} x ${d.slices}, ${d.xMm} x ${d.yMm} x ${d.zMm} mm): laid over this CT by its position in the patient, nearest voxel. Its volumes are those on this CT.`,
    zh: (d) =>
      `该分割绘制于其他层面（${d.columns} × ${d.rows} × ${d.slices}，${d.xMm} × ${d.yMm} × ${d.zMm} mm）：已按患者坐标以最近体素叠加到本 CT，其体积按本 CT 计算。`,
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
    en: (d) =>
      `The segmentation lies on another pixel grid than this series and was not opened${d.frame === undefined ? "" : ` (frame ${d.frame} is ${d.offMm} mm off at x ${d.xMm}, y ${d.yMm}, z ${d.zMm} mm)`}. Open it with its own CT.`,
    zh: (d) =>
      `该分割的像素网格与本序列不同，未打开${d.frame === undefined ? "" : `（第 ${d.frame} 帧在 x ${d.xMm}、y ${d.yMm}、z ${d.zMm} mm 处偏差 ${d.offMm} mm）`}。请与其对应的 CT 一起打开。`,
  },
  "seg/outside-volume": {
    en: (d) =>
      `Segment ${d.segmentNumber} reaches outside this series (frame ${d.frame}), so the segmentation was not opened. Open the whole CT series.`,
    zh: (d) =>
      `分段 ${d.segmentNumber} 超出本序列范围（第 ${d.frame} 帧），该分割未打开。请打开完整的 CT 序列。`,
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
  "seg/overlap": {
    en: () =>
      "Segments overlap, which a label map cannot hold: a voxel has one number there. Export the segmentation as BINARY, or take the shared voxels out of one of them.",
    zh: () =>
      "分段之间有重叠，而标签图（LABELMAP）中每个体素只能有一个编号。请以 BINARY 导出分割，或从其中一个分段中去除共有体素。",
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
  "seg/incomplete-equipment": {
    en: () =>
      "The settings lack manufacturer, model, serial number or version, which a segmentation must name. Complete the settings.",
    zh: () => "设置中缺少分割必须注明的制造商、型号、序列号或版本。请补全设置。",
  },
  "seg/segment-numbers": {
    en: (d) =>
      `Segments must be numbered 1, 2, 3 …: ${d.found} stands where ${d.expected} belongs. This is a fault of the program; report it.`,
    zh: (d) => `分段必须按 1、2、3……编号：应为 ${d.expected} 处出现了 ${d.found}。这是程序错误，请报告。`,
  },
  "sr/number": {
    en: (d) =>
      `The report was not written: ${d.value} is not a number that DICOM can hold. This is a fault of the program; report it.`,
    zh: (d) => `报告未写出：${d.value} 不是 DICOM 可存储的数值。这是程序错误，请报告。`,
  },
  "sr/no-evidence": {
    en: (d) =>
      `The report was not written: it refers to ${d.sopInstanceUid}, which its evidence does not list. This is a fault of the program; report it.`,
    zh: (d) => `报告未写出：其引用的 ${d.sopInstanceUid} 未列入证据。这是程序错误，请报告。`,
  },
  "sr/not-a-report": {
    en: (d) => `This object is no structured report (SOP class ${d.sopClassUid}). Open an SR file.`,
    zh: (d) => `该对象不是结构化报告（SOP 类 ${d.sopClassUid}）。请打开 SR 文件。`,
  },
  "sr/not-understood": {
    en: (d) =>
      `The report holds ${d.count} items of kind ${d.kind} that this program does not read; they are not shown. Read the original in your PACS.`,
    zh: (d) => `该报告含有 ${d.count} 个本程序无法读取的 ${d.kind} 条目，未显示。请在 PACS 中查看原报告。`,
  },
  "kos/no-images": {
    en: () => "There are no key images to export. Mark at least one image first.",
    zh: () => "没有可导出的关键图像。请先标记至少一张图像。",
  },
  "kos/no-evidence": {
    en: (d) =>
      `The key images were not written: ${d.sopInstanceUid} is not listed as evidence. This is a fault of the program; report it.`,
    zh: (d) => `关键图像未写出：${d.sopInstanceUid} 未列入证据。这是程序错误，请报告。`,
  },
  "open/series-gone": {
    en: () => "The chosen series is no longer in memory. Open its files again.",
    zh: () => "所选序列已不在内存中。请重新打开其文件。",
  },
  "sample/not-made": {
    en: () =>
      "The sample case was not found beside the program. Start it with npm start, which makes the case.",
    zh: () => "未在程序旁找到示例病例。请用 npm start 启动，它会生成该病例。",
  },
  "worker/out-of-memory": {
    en: (d) =>
      `There was not enough memory. ${workEn(d)}. Close other tabs, reload the page and open the case again.`,
    zh: (d) => `内存不足。${workZh(d)}。请关闭其他标签页，重新加载页面并再次打开病例。`,
  },
  "worker/unknown-job": {
    en: (d) =>
      `The program does not know the task "${d.job}". Reload the page to get one version of all its parts.`,
    zh: (d) => `程序不认识任务“${d.job}”。请重新加载页面以获得版本一致的程序。`,
  },
  "plugin/threw": {
    en: (d) =>
      `The plugin ${d.plugin} failed (${d.where}: ${d.message}). The viewer goes on without that step. ${workEn(d)}. Try again; if it fails again, reload the page.`,
    zh: (d) =>
      `插件 ${d.plugin} 出错（${d.where}：${d.message}）。查看器继续运行，未执行该步骤。${workZh(d)}。请重试；若再次出错，请重新加载页面。`,
  },
  "plugin/panel-threw": {
    en: (d) =>
      `The panel of the plugin ${d.plugin} failed (${d.message}). Images and tools go on. ${workEn(d)}. Reload the panel; if it fails again, undo the last step or export.`,
    zh: (d) =>
      `插件 ${d.plugin} 的面板出错（${d.message}）。图像与工具仍可使用。${workZh(d)}。请重新载入面板；若再次出错，请撤销上一步或导出。`,
  },
  "plugin/bad-id": pluginRefused(
    "its id is not lower-case letters, digits and hyphens",
    "其 id 不是小写字母、数字和连字符",
  ),
  "plugin/duplicate": pluginRefused("another plugin has the same id", "已有相同 id 的插件"),
  "plugin/other-contract": {
    en: (d) =>
      `The plugin ${d.plugin} was not loaded: it was made for contract ${d.wants}, this viewer has ${d.has}. Install a matching version.`,
    zh: (d) => `插件 ${d.plugin} 未加载：它面向契约 ${d.wants}，本查看器为 ${d.has}。请安装匹配的版本。`,
  },
  "plugin/id-without-prefix": pluginRefused(
    "an id does not begin with the plugin's name",
    "某个 id 未以插件名称开头",
  ),
  "plugin/id-twice": pluginRefused("an id is declared twice", "某个 id 被声明了两次"),
  "plugin/link-unknown": {
    en: (d) =>
      `The plugin ${d.plugin} was not loaded: a page of it names "${d.id}" for what it takes of a case, which is declared nowhere. Declare it, or take it out.`,
    zh: (d) =>
      `插件 ${d.plugin} 未加载：其页面指定由病例带入的“${d.id}”未在任何处声明。请声明该项或将其删除。`,
  },
  "plugin/shortcut-twice": {
    en: (d) =>
      `The plugin ${d.plugin} was not loaded: the key ${d.shortcut} is already taken by ${d.first}. Change one of the two.`,
    zh: (d) => `插件 ${d.plugin} 未加载：按键 ${d.shortcut} 已被 ${d.first} 占用。请更改其中之一。`,
  },
  "plugin/not-implemented": pluginRefused(
    "it declares an id that it does not implement",
    "它声明了未实现的 id",
  ),
  "plugin/not-declared": pluginRefused("it implements an id that it does not declare", "它实现了未声明的 id"),
};
