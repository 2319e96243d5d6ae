// The words of the findings text, in every language.
import type { Locale } from "#core/problem";
import type { Confidence, Findings, FindingsLeak, FindingsLesion, Route, Side } from "../model/findings.ts";
import type { Bone } from "../model/sites.ts";

export type Word = Readonly<Record<Locale, string>>;

const word = (en: string, zh: string): Word => ({ en, zh });

export const TEXT_WORDS = {
  colon: word(": ", "："),
  comma: word(", ", "，"),
  semicolon: word("; ", "；"),
  stop: word(". ", "。"),
  draft: word("DRAFT – not signed", "草稿（DRAFT）– 未签署"),
  amended: word("Amended report", "修订报告"),
  title: {
    sacroplasty: word("CT after sacroplasty: bone cement leakage", "骶骨成形术后 CT：骨水泥渗漏"),
    vertebroplasty: word("CT after vertebroplasty: bone cement leakage", "椎体成形术后 CT：骨水泥渗漏"),
    kyphoplasty: word("CT after kyphoplasty: bone cement leakage", "椎体后凸成形术后 CT：骨水泥渗漏"),
    other: word("CT after cement augmentation: bone cement leakage", "骨水泥强化术后 CT：骨水泥渗漏"),
  } satisfies Record<Findings["procedure"]["type"], Word>,
  measurements: word("Measurements", "测量"),
  lesion: word("Lesion", "病灶"),
  bone: {
    sacrum: word("sacrum", "骶骨"),
    vertebra: word("vertebra", "椎体"),
    ilium: word("ilium", "髂骨"),
    other: word("other bone", "其他骨"),
  } satisfies Record<Bone, Word>,
  side: {
    left: word("left", "左侧"),
    right: word("right", "右侧"),
    midline: word("midline", "中线"),
    bilateral: word("bilateral", "双侧"),
  } satisfies Record<Side, Word>,
  cementInBone: word("Cement in bone", "骨内骨水泥"),
  noCementMeasured: word("No cement in bone was measured", "未测得骨内骨水泥"),
  injected: word("injected", "注入量"),
  balance: word("Injected and found", "注入与所见"),
  leaks: word("Leaks", "渗漏"),
  leakage: word("Leakage", "渗漏"),
  answer: {
    present: word("present", "有"),
    absent: word("none found", "未见"),
    not_assessed: word("not assessed completely", "尚未完全评估"),
  } satisfies Record<FindingsLesion["leakage"], Word>,
  alsoPresacral: word(" (also presacral)", "（兼骶前）"),
  extent: word("longest extent", "最大径"),
  beyondCortex: word("# beyond the cortex", "超出皮质 #"),
  route: {
    vein: word("through a vein", "经静脉"),
    cortical_defect: word("through a cortical defect", "经皮质缺损"),
    needle_track: word("along the needle track", "沿穿刺道"),
    fracture_line: word("through a fracture line", "经骨折线"),
    foramen: word("through a foramen", "经骶孔或椎间孔"),
    unknown: word("route unknown", "途径不明"),
  } satisfies Record<Route, Word>,
  neural: {
    contact: word("contact with a nerve", "与神经接触"),
    compression: word("nerve displaced or compressed", "神经受压或移位"),
  } satisfies Record<Exclude<NonNullable<FindingsLeak["neuralRelation"]>, "none">, Word>,
  confidence: {
    definite: word("definite", "确定"),
    probable: word("probable", "很可能"),
    possible: word("possible", "可能"),
  } satisfies Record<Confidence, Word>,
  atLeast: word("at least ", "至少 "),
  estimated: word("estimate", "估计值"),
  definitionsVersion: {
    "project draft": word("project draft, not signed by a radiologist", "项目草案，尚未经放射科医师签署"),
  } as Readonly<Record<string, Word | undefined>>,
  notMeasured: word("not measured", "未测量"),
  notMeasurable: word("size not measurable beside metal", "邻近金属，大小无法测量"),
  urgent: word("URGENT", "紧急"),
  communicated: word("communicated to", "已告知"),
  notCommunicated: word("not communicated", "未记录告知情况"),
  noLeakFound: word(
    "No cement leak was found at any site of the checklist",
    "核对清单各部位均未见骨水泥渗漏",
  ),
  noLeakSoFar: word(
    "No cement leak is recorded, but not every site was assessed",
    "未记录骨水泥渗漏，但并非所有部位均已评估",
  ),
  oneLeak: word("One cement leak", "1 处骨水泥渗漏"),
  manyLeaks: word("# cement leaks", "# 处骨水泥渗漏"),
  moreLeaks: word("and # more", "另有 # 处"),
  together: word("together ", "共 "),
  togetherAtLeast: word("together at least ", "共至少 "),
  withoutLeaks: word(" (without #: not measured)", "（不含未测量的 #）"),
  touching: word("touching nerve, canal or foramen", "累及神经、椎（骶）管或孔"),
  contactPossible: word("contact with the course of L5 not excluded", "不能排除与 L5 走行区接触"),
  contactOpen: word("contact with a nerve not judged", "与神经的接触未判定"),
  noContact: word("no contact with nerve or canal", "未累及神经或椎（骶）管"),
  noLeakAt: word("No leak", "未见渗漏"),
  notAssessableAt: word("Not assessable", "无法评估"),
  unattributed: word("Leaks of no single lesion", "不能归属单一病灶的渗漏"),
  total: word("Leaked cement in total", "渗漏总量"),
  ofCementFound: word("# of the cement found", "占所见骨水泥 #"),
  notAssessedLabel: word("Not assessed (outside the field of view)", "未评估（视野外）"),
  limits: word("Limits", "局限"),
  slices: word("slice thickness", "层厚"),
  pixels: word("pixels", "像素"),
  thickSlices: word(
    "slices thicker than 1.5 mm: small volumes are uncertain",
    "层厚超过 1.5 mm：小体积不可靠",
  ),
  floor: word("cement from", "骨水泥下限"),
  clipped: word("densities clipped by the scanner", "密度达到扫描仪上限"),
  incomplete: word("cement reaches the edge of the scan", "骨水泥达到扫描边缘"),
  sideConfirmed: word("left and right confirmed by the reader", "左右侧经阅片者确认"),
  definitions: word("site definitions: ", "部位定义："),
  signedBy: word("Signed by", "签署者"),
  notForDiagnosis: word(
    "Not for diagnosis. Research software, not a medical device.",
    "不用于诊断。本软件为研究用途，并非医疗器械。",
  ),
} as const;
