// Sentences of what can go wrong while files are read, stacked and decoded, in English and Simplified Chinese.
import { foreignWords } from "./media-sentences.ts";
import type { ProblemDetails } from "./problem.ts";
import type { Sentences } from "./problem-text.ts";

const place = (d: ProblemDetails): string => `${d.axis} = ${d.atMm ?? d.afterMm} mm`;
const many = (count: ProblemDetails[string], one: string, several: string): string =>
  count === 1 ? `1 ${one}` : `${count} ${several}`;
const firstOf = (d: ProblemDetails): string =>
  Number(d.places) > 1 ? ` (the first of ${d.places} places)` : "";
const firstOfZh = (d: ProblemDetails): string =>
  Number(d.places) > 1 ? `（共 ${d.places} 处，此为第一处）` : "";

const mixed = (en: string, zh: string): Sentences[string] => ({
  en: (d) =>
    `The series mixes slices of different ${en}: ${d.otherFileName} differs from ${d.fileName}. Open only the files that belong together.`,
  zh: (d) =>
    `该序列的切片${zh}不一致：${d.otherFileName} 与 ${d.fileName} 不同。请只打开属于同一序列的文件。`,
});

export const readingSentences: Sentences = {
  "read/empty-file": {
    en: (d) => `${d.fileName} is empty (0 bytes). Copy it again from its source.`,
    zh: (d) => `${d.fileName} 是空文件（0 字节）。请从来源重新复制。`,
  },
  "read/not-dicom": {
    en: (d) =>
      `${d.fileName ?? "A file"} is ${foreignWords(d) ? `${foreignWords(d)?.[0]}, ` : ""}not a DICOM file and was left out.`,
    zh: (d) =>
      `${d.fileName ?? "某个文件"} ${foreignWords(d) ? `是${foreignWords(d)?.[1]}，` : ""}不是 DICOM 文件，已略过。`,
  },
  "read/needs-more-bytes": {
    en: (d) => `The header of ${d.fileName} is longer than the part that was read. Open the whole file.`,
    zh: (d) => `${d.fileName} 的文件头比已读取的部分长。请打开完整文件。`,
  },
  "read/truncated": {
    en: () => "The DICOM object ends too early and was not opened. Copy it again from its source.",
    zh: () => "该 DICOM 对象不完整，未打开。请从来源重新复制。",
  },
  "read/truncated-header": {
    en: (d) => `${d.fileName} ends in the middle of its header. Copy it again from its source.`,
    zh: (d) => `${d.fileName} 在文件头中途结束。请从来源重新复制。`,
  },
  "read/truncated-pixels": {
    en: (d) =>
      `${d.fileName} ends before its image does: the file was cut off. Copy it again from its source.`,
    zh: (d) => `${d.fileName} 的图像数据不完整：文件被截断。请从来源重新复制。`,
  },
  "read/absurd-size": {
    en: (d) =>
      `${d.fileName} claims ${d.columns} x ${d.rows} pixels and ${d.frames} frames, which no CT has: its header is damaged or was made up. Export it again.`,
    zh: (d) =>
      `${d.fileName} 声称有 ${d.columns} x ${d.rows} 像素、${d.frames} 帧，任何 CT 都不可能如此：文件头已损坏或系伪造。请重新导出。`,
  },
  "read/nested-too-deep": {
    en: (d) =>
      `${d.fileName} has thousands of sequences inside each other: it is damaged or was made up. Export it again.`,
    zh: (d) => `${d.fileName} 含有数千层嵌套序列：文件已损坏或系伪造。请重新导出。`,
  },
  "read/header-too-long": {
    en: (d) => `${d.fileName} has no image in its first 256 MB and was left out. Export it again.`,
    zh: (d) => `${d.fileName} 的前 256 MB 中没有图像，已略过。请重新导出。`,
  },
  "read/object-too-large": {
    en: (d) =>
      `${d.fileName} (${d.megabytes} MB) is larger than any segmentation, report or findings file and was left out.`,
    zh: (d) => `${d.fileName}（${d.megabytes} MB）超出任何分割、报告或结果文件的大小，已略过。`,
  },
  "read/no-transfer-syntax": {
    en: (d) =>
      `${d.fileName} does not say how it is encoded (no Transfer Syntax UID) and cannot be read. Export it again.`,
    zh: (d) => `${d.fileName} 未注明编码方式（缺少传输语法 UID），无法读取。请重新导出。`,
  },
  "read/damaged-deflate": {
    en: (d) => `The compressed data of ${d.fileName} is damaged. Copy it again from its source.`,
    zh: (d) => `${d.fileName} 的压缩数据已损坏。请从来源重新复制。`,
  },
  "read/no-instance-uid": {
    en: (d) =>
      `${d.fileName} has no SOP Class or SOP Instance UID, so that nothing can refer to it. Export it again.`,
    zh: (d) => `${d.fileName} 缺少 SOP 类或 SOP 实例 UID，无法被引用。请重新导出。`,
  },
  "read/no-series-uid": {
    en: (d) => `${d.fileName} has no Series Instance UID, so that its series is unknown. Export it again.`,
    zh: (d) => `${d.fileName} 缺少序列实例 UID，无法确定所属序列。请重新导出。`,
  },
  "read/unreadable": {
    en: (d) => `${d.fileName} could not be read: it was moved, changed or is in use. Choose the files again.`,
    zh: (d) => `无法读取 ${d.fileName}：文件已被移动、更改或正被占用。请重新选择文件。`,
  },
  "read/character-set-undeclared": {
    en: (d) =>
      `${d.fileName} has names in letters whose character set it does not declare; they may be shown wrongly. Check the patient's name.`,
    zh: (d) => `${d.fileName} 含有未声明字符集的文字，显示可能有误。请核对患者姓名。`,
  },
  "zip/damaged": {
    en: (d) =>
      `The archive ${d.fileName} is damaged, encrypted or packed in a way that is not supported. Unpack it and open the folder.`,
    zh: (d) => `压缩包 ${d.fileName} 已损坏、已加密或格式不受支持。请解压后打开文件夹。`,
  },
  "zip/too-large": {
    en: (d) =>
      `The archive ${d.fileName} would unpack to more than can be held in memory. Unpack it and open the folder.`,
    zh: (d) => `压缩包 ${d.fileName} 解压后超出可用内存。请解压后打开文件夹。`,
  },
  "zip/unsafe-name": {
    en: (d) =>
      `The archive ${d.fileName} has a file whose path leaves its folder or can't be shown (${d.entry}), as no export writes it, and was not opened. Ask its sender for another copy.`,
    zh: (d) =>
      `压缩包 ${d.fileName} 中有文件的路径越出其文件夹或无法显示（${d.entry}），正常导出不会如此，未予打开。请向提供者索取新的副本。`,
  },
  "zip/too-deep": {
    en: (d) => `${d.fileName} is an archive inside archives and was left out. Unpack it and open the folder.`,
    zh: (d) => `${d.fileName} 是多层嵌套的压缩包，已略过。请解压后打开文件夹。`,
  },
  "series/broken-file": {
    en: (d) =>
      `The series cannot be opened because ${d.fileName} is cut off${Number(d.count) > 1 ? ` (and ${Number(d.count) - 1} more)` : ""}: without it a slice would be missing. Copy the files again.`,
    zh: (d) =>
      `无法打开该序列：${d.fileName} 不完整${Number(d.count) > 1 ? `（另有 ${Number(d.count) - 1} 个文件）` : ""}，缺少它会缺失切片。请重新复制文件。`,
  },
  "stack/no-images": {
    en: () => "The series has no images. Open the folder that holds its CT images.",
    zh: () => "该序列没有图像。请打开包含 CT 图像的文件夹。",
  },
  "stack/not-ct": {
    en: (d) => `This series is ${d.modality}, not CT. Open a CT series: only CT has Hounsfield units.`,
    zh: (d) => `该序列为 ${d.modality}，不是 CT。请打开 CT 序列：只有 CT 具有亨氏单位。`,
  },
  "stack/not-ct-image": {
    en: (d) =>
      `This series holds no CT slices but other images (${d.fileName}), such as a dose report or screen shots. Open a series of CT slices.`,
    zh: (d) => `该序列不含 CT 切片，而是其他图像（${d.fileName}），例如剂量报告或截图。请打开 CT 切片序列。`,
  },
  "stack/multi-frame": {
    en: (d) =>
      `${d.fileName} holds ${d.frames} frames and does not say where each lies (no functional groups per frame), so that they cannot be stacked. Export the series as single-frame or enhanced CT images.`,
    zh: (d) =>
      `${d.fileName} 包含 ${d.frames} 帧，但未注明每帧的位置（缺少逐帧功能组），无法堆叠。请将序列导出为单帧 CT 或增强型 CT。`,
  },
  "stack/frame-count": {
    en: (d) =>
      `${d.fileName} claims ${d.expected} frames but describes ${d.found}, so that pixels and places cannot be matched. Export the series again.`,
    zh: (d) =>
      `${d.fileName} 声明有 ${d.expected} 帧，却描述了 ${d.found} 帧，像素与位置无法对应。请重新导出。`,
  },
  "stack/several-stacks": {
    en: (d) =>
      `${d.fileName} holds several stacks in one object: frame ${d.firstFrame} belongs to stack "${d.first}", frame ${d.otherFrame} to stack "${d.other}". Export each stack as a series of its own.`,
    zh: (d) =>
      `${d.fileName} 在一个对象中包含多个堆栈：第 ${d.firstFrame} 帧属于堆栈“${d.first}”，第 ${d.otherFrame} 帧属于堆栈“${d.other}”。请将每个堆栈导出为单独的序列。`,
  },
  "stack/several-times": {
    en: (d) =>
      `${d.fileName} holds several points in time in one object: frame ${d.firstFrame} is time ${d.first}, frame ${d.otherFrame} is time ${d.other}. Export one point in time as a series of its own.`,
    zh: (d) =>
      `${d.fileName} 在一个对象中包含多个时间点：第 ${d.firstFrame} 帧为时间点 ${d.first}，第 ${d.otherFrame} 帧为时间点 ${d.other}。请将单个时间点导出为单独的序列。`,
  },
  "stack/single-slice": {
    en: (d) =>
      `The series has one slice only (${d.fileName}); a volume needs at least two. Open the whole series.`,
    zh: (d) => `该序列只有一张切片（${d.fileName}）；构成体积至少需要两张。请打开完整序列。`,
  },
  "stack/only-localizers": {
    en: () => "The series holds scout images only. Open the series of slices.",
    zh: () => "该序列只有定位像。请打开切片序列。",
  },
  "stack/localizers-set-aside": {
    en: (d) => `${many(d.count, "scout image was", "scout images were")} left out of the stack.`,
    zh: (d) => `已将 ${d.count} 张定位像排除在堆叠之外。`,
  },
  "stack/screens-set-aside": {
    en: (d) =>
      `${many(d.count, "image that is no CT slice was", "images that are no CT slices were")} left out of the stack.`,
    zh: (d) => `已将 ${d.count} 张非 CT 切片图像排除在堆叠之外。`,
  },
  "stack/duplicates-dropped": {
    en: (d) =>
      `${many(d.count, "file is a copy", "files are copies")} of a slice that was also given (${d.fileName}); each slice counts once.`,
    zh: (d) => `${d.count} 个文件是重复的切片（${d.fileName}）；每张切片只计一次。`,
  },
  "stack/conflicting-copies": {
    en: (d) =>
      `${d.fileName} and ${d.otherFileName} claim to be the same image but lie at different places. Open only one of the two sets of files.`,
    zh: (d) => `${d.fileName} 与 ${d.otherFileName} 声称是同一图像，但位置不同。请只打开其中一组文件。`,
  },
  "stack/same-position": {
    en: (d) =>
      `Two different slices lie at ${place(d)}: ${d.fileName} and ${d.otherFileName}. Open only one of the two reconstructions.`,
    zh: (d) => `${place(d)} 处有两张不同的切片：${d.fileName} 与 ${d.otherFileName}。请只打开其中一组重建。`,
  },
  "stack/mixed-acquisitions": {
    en: (d) =>
      `The series holds two acquisitions that overlap at ${place(d)}: ${d.fileName} and ${d.otherFileName}. Open the files of one acquisition only.`,
    zh: (d) =>
      `该序列包含两次采集，在 ${place(d)} 处重叠：${d.fileName} 与 ${d.otherFileName}。请只打开一次采集的文件。`,
  },
  "stack/no-position": {
    en: (d) =>
      `${d.fileName} does not say where its slice lies (no Image Position). The series cannot be stacked; export it again from the scanner or archive.`,
    zh: (d) => `${d.fileName} 未注明切片位置（缺少 Image Position），无法堆叠。请从扫描仪或归档重新导出。`,
  },
  "stack/no-orientation": {
    en: (d) =>
      `${d.fileName} does not say how its slice is turned (no Image Orientation), so that left and right are unknown. Export the series again.`,
    zh: (d) => `${d.fileName} 未注明切片方向（缺少 Image Orientation），无法判断左右。请重新导出该序列。`,
  },
  "stack/bad-orientation": {
    en: (d) =>
      `The image orientation of ${d.fileName} is not a pair of perpendicular directions and cannot be trusted. Export the series again.`,
    zh: (d) => `${d.fileName} 的图像方向不是一对相互垂直的方向，不可信。请重新导出该序列。`,
  },
  "stack/no-spacing": {
    en: (d) =>
      `${d.fileName} does not say how large its pixels are (no Pixel Spacing), so that nothing can be measured. Export the series again.`,
    zh: (d) => `${d.fileName} 未注明像素大小（缺少 Pixel Spacing），无法测量。请重新导出该序列。`,
  },
  "stack/not-hounsfield": {
    en: (d) =>
      `The values of ${d.fileName} are in ${d.unit === "US" ? "an unspecified unit (US)" : `"${d.unit}"`}, not Hounsfield units. Open the conventional CT series.`,
    zh: (d) =>
      `${d.fileName} 的数值单位${d.unit === "US" ? "未指明（US）" : `为“${d.unit}”`}，不是亨氏单位。请打开常规 CT 序列。`,
  },
  "stack/mixed-patient": mixed("patients", "患者"),
  "stack/mixed-study": mixed("studies", "检查"),
  "stack/mixed-frame-of-reference": mixed("frames of reference", "参考坐标系"),
  "stack/mixed-size": mixed("sizes", "尺寸"),
  "stack/mixed-orientation": mixed("orientations", "方向"),
  "stack/mixed-spacing": mixed("pixel spacings", "像素间距"),
  "stack/missing-slice": {
    en: (d) =>
      `${many(d.count, "slice is", "slices are")} missing after slice ${d.afterSlice} (${place(d)}; step ${d.stepMm} mm instead of ${d.usualStepMm} mm)${firstOf(d)}. Nothing is stretched; volumes there are uncertain. Get the missing files if you can.`,
    zh: (d) =>
      `第 ${d.afterSlice} 张切片之后缺少 ${d.count} 张切片（${place(d)}；间隔 ${d.stepMm} mm，通常为 ${d.usualStepMm} mm）${firstOfZh(d)}。图像未被拉伸；该处体积不确定。如有可能请补齐文件。`,
  },
  "stack/too-many-missing": {
    en: (d) =>
      `${d.count} slices are missing and only ${d.slices} are there: after slice ${d.afterSlice} (${place(d)}) the next one follows at ${d.toMm} mm. Open the whole series.`,
    zh: (d) =>
      `缺少 ${d.count} 张切片，仅有 ${d.slices} 张：第 ${d.afterSlice} 张（${place(d)}）之后的下一张在 ${d.toMm} mm。请打开完整序列。`,
  },
  "stack/hole": {
    en: (d) =>
      `The series has a hole of ${d.stepMm} mm after slice ${d.afterSlice} (${place(d)}, ${d.fileName}): the next slice, ${d.otherFileName}, lies at ${d.toMm} mm, usually ${d.usualStepMm} mm on. What lies between can't be shown or measured. Open the whole series, or the files of one side only.`,
    zh: (d) =>
      `该序列在第 ${d.afterSlice} 张切片之后（${place(d)}，${d.fileName}）有 ${d.stepMm} mm 的空缺：下一张 ${d.otherFileName} 位于 ${d.toMm} mm，通常间距为 ${d.usualStepMm} mm。其间无法显示或测量。请打开完整序列，或仅打开其中一侧的文件。`,
  },
  "stack/uneven-spacing": {
    en: (d) =>
      `Slices are unevenly spaced, from ${d.minMm} to ${d.maxMm} mm; usually ${d.usualStepMm} mm, but ${d.stepMm} mm after slice ${d.afterSlice} (${place(d)})${firstOf(d)}. Every slice keeps its true position.`,
    zh: (d) =>
      `切片间距不均匀，为 ${d.minMm} 至 ${d.maxMm} mm；通常 ${d.usualStepMm} mm，但第 ${d.afterSlice} 张之后（${place(d)}）为 ${d.stepMm} mm${firstOfZh(d)}。每张切片保持其真实位置。`,
  },
  "stack/gantry-tilt": {
    en: (d) =>
      `The slices are tilted by ${d.tiltDegrees}° against the direction of the table. They are shown straight; masks, volumes and SEG stay on the acquired slices.`,
    zh: (d) => `切片相对于检查床方向倾斜 ${d.tiltDegrees}°。显示已校直；掩膜、体积与 SEG 均在采集切片上。`,
  },
  "stack/shifted-slices": {
    en: (d) =>
      `Slice ${d.slice} (${place(d)}, ${d.fileName}) lies ${d.offMm} mm beside the line of the others. It keeps its true position.`,
    zh: (d) =>
      `第 ${d.slice} 张切片（${place(d)}，${d.fileName}）偏离其他切片连线 ${d.offMm} mm。该切片保持其真实位置。`,
  },
  "stack/lossy-compression": {
    en: () => "The images were compressed with loss. HU values are approximate; exports say so.",
    zh: () => "图像经过有损压缩。HU 值为近似值；导出结果会注明。",
  },
  "side/position-absent": {
    en: () =>
      "The files do not say how the patient lay (no Patient Position). Confirm left and right on the images before you export.",
    zh: () => "文件未注明患者体位（缺少 Patient Position）。导出前请在图像上确认左右。",
  },
  "side/position-unknown": {
    en: (d) =>
      `Patient Position "${d.patientPosition}" is not one for CT. Confirm left and right on the images before you export.`,
    zh: (d) => `患者体位“${d.patientPosition}”不适用于 CT。导出前请在图像上确认左右。`,
  },
  "side/mixed-positions": {
    en: (d) =>
      `The slices of this series name different patient positions (${d.positions}). Confirm left and right on the images before you export.`,
    zh: (d) => `该序列的切片注明了不同的患者体位（${d.positions}）。导出前请在图像上确认左右。`,
  },
  "side/position-contradicts-orientation": {
    en: (d) =>
      `Patient Position ${d.patientPosition} contradicts the image orientation (${d.orientation}). Confirm left and right on the images before you export.`,
    zh: (d) => `患者体位 ${d.patientPosition} 与图像方向（${d.orientation}）矛盾。导出前请在图像上确认左右。`,
  },
  "decode/unsupported-transfer-syntax": {
    en: (d) =>
      `The images are stored as ${d.syntax}, which cannot be decoded yet. Export the series uncompressed (Explicit VR Little Endian).`,
    zh: (d) =>
      `图像以 ${d.syntax} 存储，目前无法解码。请以未压缩格式（Explicit VR Little Endian）导出该序列。`,
  },
  "decode/codec-not-loaded": {
    en: (d) =>
      `The decoder for ${d.syntax} could not be loaded, so ${d.fileName} was not opened. Reload the page; if it happens again, the installation is incomplete.`,
    zh: (d) => `无法加载 ${d.syntax} 的解码器，${d.fileName} 未打开。请刷新页面；若再次出现，则安装不完整。`,
  },
  "decode/unsupported-pixel-format": {
    en: (d) =>
      `The pixels of ${d.fileName} are not those of a grey CT slice (${d.why}). Open another series.`,
    zh: (d) => `${d.fileName} 的像素格式不是灰度 CT 切片（${d.why}）。请打开其他序列。`,
  },
  "decode/no-pixels": {
    en: (d) => `${d.fileName} has no pixels. Open files that hold the images themselves.`,
    zh: (d) => `${d.fileName} 不含像素。请打开含有图像本身的文件。`,
  },
  "decode/no-rescale": {
    en: (d) =>
      `${d.fileName} does not say how its values become Hounsfield units (no Rescale Slope or Intercept). Export the series again.`,
    zh: (d) =>
      `${d.fileName} 未注明如何换算为亨氏单位（缺少 Rescale Slope 或 Intercept）。请重新导出该序列。`,
  },
  "decode/frames-without-hu": {
    en: (d) =>
      `${d.fileName} belongs to an object of ${d.frames} frames whose values are not Hounsfield units: no frame says how its values become them. Open a CT series of slices.`,
    zh: (d) =>
      `${d.fileName} 属于含 ${d.frames} 帧的对象，其数值不是亨氏单位：各帧均未注明换算方法。请打开 CT 切片序列。`,
  },
  "decode/unclear-fragments": {
    en: (d) =>
      `${d.fileName} does not say which of its compressed fragments belong to which of its ${d.frames} frames (no offset table). Export the series uncompressed.`,
    zh: (d) =>
      `${d.fileName} 未注明压缩片段与其 ${d.frames} 帧的对应关系（缺少偏移表）。请以未压缩格式重新导出。`,
  },
  "decode/truncated-pixels": {
    en: (d) =>
      `The image in ${d.fileName} is cut off. The series was not opened; copy the file again from its source.`,
    zh: (d) => `${d.fileName} 中的图像不完整，序列未打开。请从来源重新复制该文件。`,
  },
  "decode/damaged-pixels": {
    en: (d) =>
      `The image in ${d.fileName} is damaged. The series was not opened; copy the file again from its source.`,
    zh: (d) => `${d.fileName} 中的图像已损坏，序列未打开。请从来源重新复制该文件。`,
  },
  "decode/fractional-slope": {
    en: (d) => `HU were rounded to whole numbers: the files scale by ${d.slope} and ${d.intercept}.`,
    zh: (d) => `HU 已四舍五入为整数：文件的换算系数为 ${d.slope} 与 ${d.intercept}。`,
  },
  "decode/hu-out-of-range": {
    en: (d) =>
      `${many(d.count, "voxel of", "voxels of")} ${d.fileName} exceed what 16 bits hold and were set to the limit. Their HU are bounds.`,
    zh: (d) => `${d.fileName} 中有 ${d.count} 个体素超出 16 位范围，已设为极限值。其 HU 仅为界限。`,
  },
  "decode/padding-in-range": {
    en: (d) =>
      `${many(d.count, "voxel", "voxels")} of ${d.fileName} at ${d.hu} HU are marked as padding and shown as air. Check that no tissue is lost.`,
    zh: (d) =>
      `${d.fileName} 中有 ${d.count} 个 ${d.hu} HU 的体素被标为填充值并显示为空气。请确认没有丢失组织。`,
  },
  "load/implausible-size": {
    en: (d) =>
      `The series claims ${d.megabytes} MB of images in ${d.fileMegabytes} MB of files, which no compression reaches: its headers are damaged or were made up. Export it again.`,
    zh: (d) =>
      `该序列声称在 ${d.fileMegabytes} MB 文件中有 ${d.megabytes} MB 图像，任何压缩都达不到：文件头已损坏或系伪造。请重新导出。`,
  },
  "load/out-of-memory": {
    en: (d) =>
      `The series needs ${d.megabytes} MB, more than the browser can give. Close other tabs, or ${
        d.slicesThatFit
          ? `choose the files of the part that is to be read: some ${d.slicesThatFit} of its ${d.slices} slices fit, with every voxel of theirs.`
          : "open a shorter series."
      }`,
    zh: (d) =>
      `该序列需要 ${d.megabytes} MB，超出浏览器可用内存。请关闭其他标签页，或${
        d.slicesThatFit
          ? `只选择需要阅片部分的文件：约可容纳 ${d.slices} 层中的 ${d.slicesThatFit} 层，且体素完整。`
          : "打开较短的序列。"
      }`,
  },
  "display/out-of-memory": {
    en: (d) =>
      `Slices that are tilted or uneven are shown from a straightened copy. Even of one pixel in 16 it needs ${d.megabytes} MB, more than the browser can give. Close other tabs and open the case again.`,
    zh: (d) =>
      `倾斜或不等距的层面需用校直的副本显示。即使每 16 个像素只取 1 个，仍需 ${d.megabytes} MB，超出浏览器可用内存。请关闭其他标签页并重新打开病例。`,
  },
  "load/slice-without-file": {
    en: (d) =>
      `Slice ${d.slice} (${d.fileName}) has no file among those chosen. The series is not opened with a hole in it: choose all its files again.`,
    zh: (d) =>
      `所选文件中没有第 ${d.slice} 层（${d.fileName}）。不会打开缺层的序列：请重新选择该序列的全部文件。`,
  },
  "load/file-changed": {
    en: (d) => `${d.fileName} is not the file it was when it was chosen. Choose the files again.`,
    zh: (d) => `${d.fileName} 自选择后已被更改。请重新选择文件。`,
  },
};
