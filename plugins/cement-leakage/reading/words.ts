// Names of the plugin's undo steps and notices, in every language.
import type { LocalText } from "../model/sites.ts";

const text = (en: string, zh: string): LocalText => ({ en, zh });

export const STEP = {
  findCement: text("Find cement", "查找骨水泥"),
  propose: text("Propose leaks", "提出渗漏候选"),
  acceptLeak: text("Accept the proposed leak", "接受渗漏候选"),
  changeFloor: text("Change the cement floor", "更改骨水泥下限"),
  markIntraosseous: text("Mark as intraosseous cement", "标记为骨内骨水泥"),
  markLeak: text("Mark as leak", "标记为渗漏"),
  setSite: text("Set the leak's site", "设置渗漏部位"),
  markNotCement: text("Mark as not cement", "标记为非骨水泥"),
  cut: text("Cut the part", "切分部分"),
  paint: text("Paint", "绘制"),
  erase: text("Erase", "擦除"),
  take: text("Take from other parts", "取自其他部分"),
  keepPiece: text("Keep only the piece", "仅保留该块"),
  removePiece: text("Remove the piece", "删除该块"),
  removeSmall: text("Remove small pieces", "删除小块"),
  movePiece: text("Move the piece", "移动该块"),
  grow: text("Grow the part", "扩大部分"),
  shrink: text("Shrink the part", "缩小部分"),
  smooth: text("Smooth the part", "平滑部分"),
  fillHoles: text("Fill holes", "填充孔洞"),
  fillBetween: text("Fill between slices", "层间填充"),
  lock: text("Lock the part", "锁定部分"),
  unlock: text("Unlock the part", "解锁部分"),
  hide: text("Hide the part", "隐藏部分"),
  show: text("Show the part", "显示部分"),
  remove: text("Remove the part", "删除部分"),
  listSpecks: text("List the specks", "列出微粒"),
  split: text("Split the part", "拆分部分"),
  merge: text("Join the parts", "合并部分"),
  leakField: text("Change the leak", "更改渗漏"),
  lesionField: text("Change the lesion", "更改病灶"),
  procedureField: text("Change the procedure", "更改手术信息"),
  addLesion: text("Add a lesion", "添加病灶"),
  removeLesion: text("Remove the lesion", "删除病灶"),
  answer: text("Answer the checklist", "回答核对清单"),
  confirmSide: text("Confirm left and right", "确认左右侧"),
  unmarkedLook: text("Looked without marks", "无标记浏览"),
  habits: text("What the department always does", "科室惯用设置"),
  needle: text("Change the needles", "更改穿刺针"),
  imagingFacts: text("Change what is known of the CT", "更改 CT 信息"),
  complications: text("Change the complications", "更改并发症"),
  sign: text("Sign", "签署"),
  amend: text("Amend the signed case", "修订已签署病例"),
  secondRead: text("Begin a second read", "开始第二次阅片"),
  addOtherRead: text("Lay another reader's findings beside", "并列另一阅片者的结果"),
  adjudicate: text("Begin the adjudication", "开始裁定"),
  adjudicateLeak: text("Decide between the two reads", "在两次阅片间裁定"),
  importFindings: text("Read findings", "读取结果"),
} as const;

/** How the editing verbs work now: said when a key changes it, and on the button. */
export const SETTING = {
  brushShape: { ball: text("Brush: ball", "画笔：球"), disc: text("Brush: disc", "画笔：圆盘") },
  range: {
    above: text("HU: ≥ floor", "HU：≥ 下限"),
    all: text("HU: any", "HU：不限"),
    below: text("HU: < floor", "HU：< 下限"),
  },
  cutDepth: {
    all: text("Contour: through all", "轮廓：贯穿全部"),
    shown: text("Contour: shown only", "轮廓：仅所示"),
  },
  growsInto: { dense: text("Into: ≥ floor", "范围：≥ 下限"), any: text("Into: any", "范围：不限") },
} as const;

/** What the planes of the track layout follow. */
export const AXIS = {
  needle: text("Axis of the report's needle: its entry and target", "报告中穿刺针的轴线：进针点与靶点"),
  fitted: text(
    "Axis fitted to column and cast: the needle's line",
    "轴线按骨外柱状骨水泥与骨水泥团拟合：穿刺针走行",
  ),
  own: text(
    "The part's own long axis: no straight column from the cast",
    "该部分自身长轴：并非与骨水泥团同轴的直柱",
  ),
} as const;

/**
 * Why something can't be done. "(K)" would be wrong for a reader who changed that key: `({cut-line})` stands for the key that
 * the verb has now, and is left out with its brackets where it has none (`Reading.say`).
 */
export const WHY = {
  notSigned: text("Sign the case first", "请先签署病例"),
  readTwice: text("This case has two reads already", "该病例已有两次阅片"),
  otherUnsigned: text(
    "Only signed findings can be compared: sign them first, and open their JSON together with the SEG",
    "仅可比较已签署的结果：请先签署，并将 JSON 与 SEG 一同打开",
  ),
  sameDocument: text("These are the findings on the screen", "这就是当前显示的结果"),
  adjudicateReason: text("Write a reason first", "请先填写理由"),
  noCase: text("Open a CT first", "请先打开 CT"),
  noArchive: text(
    "No archive is known: open a case from one, or ask whoever installed this page",
    "尚无归档：请从归档打开病例，或询问本页面的安装者",
  ),
  signed: text("The case is signed; amend it to change it", "病例已签署；如需更改请先修订"),
  nothingSelected: text(
    "Select a part first: click on it or go to the next one ({next})",
    "请先选择一个部分：点击，或转到下一个（{next}）",
  ),
  notFound: text("Find cement first ({find})", "请先查找骨水泥（{find}）"),
  notEarlier: text("by its date it is not from before this CT", "按日期，它并非早于本次 CT"),
  slabOff: text(
    "The slab is off: a site is confirmed on the thin slice. Look, then press again",
    "层块已关闭：部位须在薄层上确认。请查看后再按一次",
  ),
  busy: text("Wait until the work under way has finished", "请等待当前任务完成"),
  unreadable: text(
    "The saved work of this case can't be read here; nothing is changed, so that it stays as it is",
    "此处无法读取该病例保存的内容；为保留原内容，不作任何更改",
  ),
  undecidedLeftOut: text(
    "Undecided parts are not in the export: decide them first to keep them",
    "未判定部分不在导出中：如需保留，请先判定",
  ),
  turnedDown: text("turned down by the reader", "由阅片者排除"),
  noVoxels: text("This part has no voxels here", "该部分在此无体素"),
  nothingToExport: text(
    "There is no cement to export: find cement first ({find})",
    "没有可导出的骨水泥：请先查找（{find}）",
  ),
  nothingProposed: text(
    "The selected part has no proposal: choose its site in the list",
    "所选部分没有候选：请在列表中选择其部位",
  ),
  nothingOpen: text("Every line of the checklist is answered", "核对清单已全部作答"),
  leakWithoutSite: text(
    "A leak has no site yet: choose it in the list",
    "仍有渗漏未选择部位：请在列表中选择",
  ),
  sideNotConfirmed: text(
    "Confirm left and right first: the headers contradict each other",
    "请先确认左右侧：文件头信息相互矛盾",
  ),
  gapsLeft: text("Not ready to sign: see what is missing", "尚不能签署：请查看缺项"),
  noReader: text("Enter the reader's name first", "请先输入阅片者姓名"),
  noNeck: text(
    "This part has no neck to split it at: cut it by a line ({cut-line})",
    "该部分无可拆分的颈部：请画线切分（{cut-line}）",
  ),
  nothingToJoin: text(
    "No other candidate or leak lies within 40 mm of this part",
    "该部分 40 mm 内无其他候选或渗漏",
  ),
  noPieceHere: text(
    "The crosshair is not in the selected part: click on the piece first",
    "十字线不在所选部分内：请先点击该块",
  ),
  wholePart: text(
    "This would leave nothing of the part: remove the part instead ({remove})",
    "该部分将不剩任何体素：请改用删除部分（{remove}）",
  ),
  onePiece: text("The part is one piece already", "该部分已是一整块"),
  noTarget: text(
    "Nowhere to move it: select the part it belongs to, then click on the piece",
    "没有移动目标：请先选择其所属部分，再点击该块",
  ),
  nothingChanges: text("Nothing changes in this part", "该部分没有变化"),
  noFloorYet: text(
    "There is no floor yet: until cement is found ({find}), the brush takes any voxel",
    "尚无下限：查找骨水泥（{find}）之前，画笔不限体素",
  ),
  cutMissed: text(
    "The line does not separate anything: draw it across the neck of the part",
    "该线未能分开任何部分：请横穿其颈部画线",
  ),
} as const;
