// What the plugin offers, as plain data: readable without running it.
import type { PluginManifest } from "#contract";
import { editingCommands } from "./model/editing-commands.ts";
import { pages } from "./model/pages.ts";

const leaks = { en: "Leak sites", zh: "渗漏部位" };
const parts = { en: "Parts", zh: "部分" };
const rejecting = { en: "Not cement, because", zh: "非骨水泥的原因" };
const tools = { en: "Tools", zh: "工具" };
const measuring = { en: "Measuring", zh: "测量" };
const report = { en: "Report", zh: "报告" };

export const manifest = {
  id: "cement-leakage",
  title: { en: "Cement leakage", zh: "骨水泥渗漏" },
  version: "0.1.0",
  contract: 1,
  commands: [
    {
      id: "cement-leakage/find",
      title: { en: "Find cement", zh: "查找骨水泥" },
      shortcut: "f",
      group: parts,
    },
    {
      id: "cement-leakage/propose",
      title: { en: "Propose leaks", zh: "提出渗漏候选" },
      shortcut: "g",
      group: parts,
    },
    {
      id: "cement-leakage/accept",
      title: { en: "Accept the proposal", zh: "接受候选" },
      shortcut: "Enter",
      group: parts,
    },
    {
      id: "cement-leakage/next",
      title: { en: "Next undecided part", zh: "下一个未判定部分" },
      shortcut: "n",
      group: parts,
    },
    {
      id: "cement-leakage/previous",
      title: { en: "Previous undecided part", zh: "上一个未判定部分" },
      shortcut: "p",
      group: parts,
    },
    {
      id: "cement-leakage/intraosseous",
      title: { en: "Intraosseous cement", zh: "骨内骨水泥" },
      shortcut: "i",
      group: parts,
    },
    {
      id: "cement-leakage/not-cement",
      title: { en: "Not cement", zh: "非骨水泥" },
      shortcut: "x",
      group: parts,
    },
    {
      id: "cement-leakage/reject-cortex",
      title: { en: "Not cement: bone cortex", zh: "非骨水泥：骨皮质" },
      shortcut: "Shift+c",
      group: rejecting,
    },
    {
      id: "cement-leakage/reject-sclerosis",
      title: { en: "Not cement: sclerotic bone", zh: "非骨水泥：骨质硬化" },
      shortcut: "Shift+s",
      group: rejecting,
    },
    {
      id: "cement-leakage/reject-artery",
      title: { en: "Not cement: arterial calcification", zh: "非骨水泥：动脉钙化" },
      shortcut: "Shift+a",
      group: rejecting,
    },
    {
      id: "cement-leakage/reject-phlebolith",
      title: { en: "Not cement: phlebolith", zh: "非骨水泥：静脉石" },
      shortcut: "Shift+p",
      group: rejecting,
    },
    {
      id: "cement-leakage/reject-bowel",
      title: { en: "Not cement: bowel contrast", zh: "非骨水泥：肠道造影剂" },
      shortcut: "Shift+b",
      group: rejecting,
    },
    {
      id: "cement-leakage/reject-metal",
      title: { en: "Not cement: metal or needle", zh: "非骨水泥：金属或穿刺针" },
      shortcut: "Shift+m",
      group: rejecting,
    },
    {
      id: "cement-leakage/reject-artefact",
      title: { en: "Not cement: artefact", zh: "非骨水泥：伪影" },
      shortcut: "Shift+f",
      group: rejecting,
    },
    {
      id: "cement-leakage/reject-earlier",
      title: { en: "Not cement: cement of an earlier procedure", zh: "非骨水泥：既往手术骨水泥" },
      shortcut: "Shift+e",
      group: rejecting,
    },
    {
      id: "cement-leakage/leak",
      title: { en: "Leak, site later", zh: "渗漏（稍后选择部位）" },
      shortcut: "l",
      group: parts,
    },
    {
      id: "cement-leakage/join",
      title: { en: "Join with the nearest candidate", zh: "与最近的候选合并" },
      shortcut: "j",
      group: parts,
    },
    {
      id: "cement-leakage/split",
      title: { en: "Split at the neck", zh: "在颈部拆分" },
      shortcut: "s",
      group: parts,
    },
    {
      id: "cement-leakage/remove",
      title: { en: "Remove the part", zh: "删除部分" },
      shortcut: "Delete",
      group: parts,
    },
    {
      id: "cement-leakage/site-1",
      title: { en: "Site 1 of the list", zh: "部位 1" },
      shortcut: "1",
      group: leaks,
    },
    {
      id: "cement-leakage/site-2",
      title: { en: "Site 2 of the list", zh: "部位 2" },
      shortcut: "2",
      group: leaks,
    },
    {
      id: "cement-leakage/site-3",
      title: { en: "Site 3 of the list", zh: "部位 3" },
      shortcut: "3",
      group: leaks,
    },
    {
      id: "cement-leakage/site-4",
      title: { en: "Site 4 of the list", zh: "部位 4" },
      shortcut: "4",
      group: leaks,
    },
    {
      id: "cement-leakage/site-5",
      title: { en: "Site 5 of the list", zh: "部位 5" },
      shortcut: "5",
      group: leaks,
    },
    {
      id: "cement-leakage/site-6",
      title: { en: "Site 6 of the list", zh: "部位 6" },
      shortcut: "6",
      group: leaks,
    },
    {
      id: "cement-leakage/site-7",
      title: { en: "Site 7 of the list", zh: "部位 7" },
      shortcut: "7",
      group: leaks,
    },
    {
      id: "cement-leakage/site-8",
      title: { en: "Site 8 of the list", zh: "部位 8" },
      shortcut: "8",
      group: leaks,
    },
    {
      id: "cement-leakage/site-9",
      title: { en: "Site 9 of the list", zh: "部位 9" },
      shortcut: "9",
      group: leaks,
    },
    {
      id: "cement-leakage/absent",
      title: { en: "Absent: the next open line of the checklist", zh: "无：核对清单的下一未答项" },
      shortcut: "-",
      group: leaks,
    },
    {
      id: "cement-leakage/copy-text",
      title: { en: "Copy the findings as text", zh: "复制结果文本" },
      shortcut: "y",
      group: report,
    },
    {
      id: "cement-leakage/copy-image",
      title: { en: "Copy the key image", zh: "复制关键图像" },
      shortcut: "u",
      group: report,
    },
    {
      id: "cement-leakage/print-page",
      title: { en: "Print the report page", zh: "打印报告页" },
      shortcut: "Shift+y",
      group: report,
    },
    {
      id: "cement-leakage/teach",
      title: { en: "Make a teaching case", zh: "制作教学病例" },
      shortcut: "Shift+n",
      group: report,
    },
    ...editingCommands,
    { id: "cement-leakage/sign", title: { en: "Sign", zh: "签署" }, shortcut: "Ctrl+Enter", group: report },
  ],
  tools: [
    {
      id: "cement-leakage/cut-line",
      title: { en: "Cut by a line", zh: "画线切分" },
      shortcut: "k",
      group: tools,
      gesture: "line",
      hint: { en: "Draw a line across the neck of the selected part", zh: "横穿所选部分的颈部画线" },
    },
    {
      id: "cement-leakage/cut-contour",
      title: { en: "Cut by a contour", zh: "画轮廓切分" },
      shortcut: "o",
      group: tools,
      gesture: "contour",
      hint: {
        en: "Draw around the leak, or along the bone's outline; the smaller side becomes its own part",
        zh: "围绕渗漏或沿骨轮廓画线；较小的一侧成为独立部分",
      },
    },
    {
      id: "cement-leakage/paint",
      title: { en: "Brush", zh: "画笔" },
      shortcut: "a",
      group: tools,
      gesture: "brush",
      hint: {
        en: "Adds voxels of the HU range; ball or disc, range and radius have keys",
        zh: "添加 HU 范围内的体素；球/圆盘、范围与半径均有快捷键",
      },
    },
    {
      id: "cement-leakage/erase",
      title: { en: "Eraser", zh: "橡皮擦" },
      shortcut: "e",
      group: tools,
      gesture: "brush",
      hint: {
        en: "Takes voxels from the selected part; ball or disc, range and radius have keys",
        zh: "从所选部分移除体素；球/圆盘、范围与半径均有快捷键",
      },
    },
    {
      id: "cement-leakage/take",
      title: { en: "Take over", zh: "取入" },
      shortcut: "q",
      group: tools,
      gesture: "brush",
      hint: {
        en: "What the brush touches of other parts goes to the selected part",
        zh: "画笔触及的其他部分体素归入所选部分",
      },
    },
    {
      id: "cement-leakage/measure-distance",
      title: { en: "Distance", zh: "距离" },
      shortcut: "Shift+d",
      group: measuring,
      gesture: "line",
      hint: { en: "Draw from one end to the other", zh: "从一端画到另一端" },
    },
    {
      id: "cement-leakage/measure-angle",
      title: { en: "Angle", zh: "角度" },
      shortcut: "Shift+g",
      group: measuring,
      gesture: "line",
      hint: { en: "Draw one line, then the other", zh: "先画一条线，再画另一条线" },
    },
    {
      id: "cement-leakage/measure-ellipse",
      title: { en: "HU", zh: "HU" },
      shortcut: "Shift+h",
      group: measuring,
      gesture: "ellipse",
      hint: {
        en: "Draw an ellipse from corner to corner: mean HU, SD and area of this slice",
        zh: "从一角画到对角的椭圆：本层平均 HU、标准差与面积",
      },
    },
  ],
  panels: [{ id: "cement-leakage/panel", title: { en: "Cement", zh: "骨水泥" } }],
  pages,
  exporters: [
    {
      id: "cement-leakage/export-all",
      title: { en: "The case as one zip", zh: "病例导出为 zip" },
      description: {
        en: "SEG, SR, key images and their pictures, JSON, CSV, FHIR, text and report page",
        zh: "SEG、SR、关键图像及其图片、JSON、CSV、FHIR、文本与报告页",
      },
    },
    {
      id: "cement-leakage/export-seg",
      title: { en: "DICOM SEG", zh: "DICOM SEG" },
      description: { en: "The segments, for a PACS or 3D software", zh: "分割结果，供 PACS 或三维软件使用" },
    },
    {
      id: "cement-leakage/export-sr",
      title: { en: "DICOM SR", zh: "DICOM SR" },
      description: { en: "The measurement report with the SEG it refers to", zh: "测量报告及其引用的 SEG" },
    },
    {
      id: "cement-leakage/export-json",
      title: { en: "Findings (JSON)", zh: "结果（JSON）" },
      description: { en: "Opens again here together with the SEG", zh: "可与 SEG 一同在此重新打开" },
    },
    {
      id: "cement-leakage/export-csv",
      title: { en: "Table (CSV)", zh: "表格（CSV）" },
      description: { en: "A row for each leak", zh: "每处渗漏一行" },
    },
    {
      id: "cement-leakage/export-page",
      title: { en: "Report page (HTML)", zh: "报告页（HTML）" },
      description: {
        en: "One page for the treating clinician, with pictures, to print or keep as PDF",
        zh: "供临床医师阅读的一页报告（含图像），可打印或存为 PDF",
      },
    },
    {
      id: "cement-leakage/export-label-map",
      title: { en: "DICOM SEG as label map, with SR", zh: "DICOM SEG（标签图）与 SR" },
      description: {
        en: "One number a voxel (LABELMAP), for software that reads it",
        zh: "每个体素一个编号（LABELMAP），供支持该格式的软件使用",
      },
      seldom: true,
    },
    {
      id: "cement-leakage/export-pictures",
      title: { en: "Key images as pictures (DICOM)", zh: "关键图像图片（DICOM）" },
      description: {
        en: "Secondary Capture with outlines, for a PACS that shows neither SEG nor key objects",
        zh: "带轮廓的二次采集图像，供不能显示 SEG 与关键对象的 PACS 使用",
      },
      seldom: true,
    },
    {
      id: "cement-leakage/export-fhir",
      title: { en: "FHIR R5 bundle (JSON)", zh: "FHIR R5 数据包（JSON）" },
      description: { en: "Observations for a clinical record", zh: "供临床信息系统使用的观察结果" },
      seldom: true,
    },
    {
      id: "cement-leakage/export-patients",
      title: { en: "Patient row (CSV)", zh: "患者汇总行（CSV）" },
      description: { en: "One row for this patient, for a register", zh: "每位患者一行，供登记使用" },
      seldom: true,
    },
    {
      id: "cement-leakage/export-nifti",
      title: { en: "NIfTI label map", zh: "NIfTI 标签图" },
      description: {
        en: "Segments on the CT's own grid, with their names; for research software",
        zh: "CT 原始网格上的分割及名称，供科研软件使用",
      },
      seldom: true,
    },
    {
      id: "cement-leakage/export-stl",
      title: { en: "Surfaces (STL)", zh: "表面模型（STL）" },
      description: {
        en: "A closed surface for each segment, mm, patient coordinates (LPS)",
        zh: "每个分割一个封闭表面，单位 mm，患者坐标（LPS）",
      },
      seldom: true,
    },
  ],
  importers: [{ id: "cement-leakage/import", accepts: ["SEG", "RTSTRUCT", "SR", "JSON"] }],
} as const satisfies PluginManifest;
