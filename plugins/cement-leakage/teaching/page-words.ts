// The words of the offline teaching page and of the proposed teaching case, in every language.
import type { Locale } from "#core/problem";
import type { Findings, FindingsLesion, Guidance, Route } from "../model/findings.ts";

type Word = Readonly<Record<Locale, string>>;
const word = (en: string, zh: string): Word => ({ en, zh });

/** Of the page itself; braces are filled there. */
const PAGE = {
  slice: word("slice", "层面"),
  where: word("Where has cement leaked?", "骨水泥漏到哪里？"),
  whereHint: word(
    "Scroll, then click each leak (there may be none). A mark within 5 mm counts.",
    "滚动浏览后点击每处渗漏（也可能没有）。标记在 5 mm 以内即为正确。",
  ),
  markAt: word("slice {slice}", "第 {slice} 层"),
  removeMark: word("Remove mark {number}", "删除标记 {number}"),
  checkMarks: word("Check my marks", "检查我的标记"),
  noLeak: word("There is no leak", "没有渗漏"),
  showAnswers: word("Show the answers", "显示答案"),
  yourMarks: word("Your marks", "您的标记"),
  markRight: word("{leak}, {distance} mm from it", "{leak}，距离 {distance} mm"),
  markAgain: word("{leak} once more, {distance} mm from it", "再次标记 {leak}，距离 {distance} mm"),
  markWrong: word(
    "No leak here: the nearest is {distance} mm away",
    "此处无渗漏：最近的渗漏距离 {distance} mm",
  ),
  markNoLeaks: word("No leak here: this case has none", "此处无渗漏：本病例没有渗漏"),
  missed: word("{leak} was not marked", "{leak} 未标记"),
  rightlyNone: word("Right: this case has no leak", "正确：本病例没有渗漏"),
  showIt: word("Show", "显示"),
  whichSite: word("Which site, and how large?", "属于哪个部位？有多大？"),
  site: word("Site", "部位"),
  size: word("Size", "大小"),
  check: word("Check", "检查"),
  score: word("{points} of {most} points", "得分 {points} / {most}"),
  wrongMarks: word("Marks without a leak, a point less for each: {count}", "错误标记（每个扣一分）：{count}"),
  again: word("Once more from the start", "重新开始"),
  keyImages: word("Key images", "关键图像"),
  withMarks: word("with overlay", "含叠加"),
  withoutMarks: word("without overlay", "无叠加"),
  before: word("Picture before", "上一幅"),
  next: word("Next picture", "下一幅"),
  close: word("Close", "关闭"),
} as const;

export type PageWords = Readonly<Record<keyof typeof PAGE, string>>;

/** Every key with its word in one language. */
function inLocale<K extends string>(
  table: Readonly<Record<K, Word>>,
  locale: Locale,
): Readonly<Record<K, string>> {
  const entries = Object.entries<Word>(table).map(([key, text]) => [key, text[locale]] as const);
  // The keys of the table, each with a text.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(entries) as Record<K, string>;
}

export const pageWords = (locale: Locale): PageWords => inLocale(PAGE, locale);

/** Of the page of several cases; braces are filled there. */
const COLLECTION = {
  lead: word(
    "{count} cases in random order. For each: is there a leak, where, which site, how large? There may be none.",
    "{count} 个病例，随机排列。每例：有无渗漏、在哪里、属于哪个部位、有多大？也可能没有渗漏。",
  ),
  learner: word(
    "Your name or number (only in your own answers file)",
    "姓名或编号（仅写入您自己的答题文件）",
  ),
  begin: word("Begin", "开始"),
  caseOf: word("Case {number} of {count}", "病例 {number} / {count}"),
  nextCase: word("Next case", "下一病例"),
  toResult: word("To the result", "查看结果"),
  result: word("Result", "结果"),
  score: word("{points} of {most} points", "得分 {points} / {most}"),
  withoutLeak: word(
    "Cases without a leak rightly left unmarked: {right} of {count}",
    "无渗漏且未标记的病例：{right} / {count}",
  ),
  site: word("Site", "部位"),
  leaks: word("Leaks", "渗漏数"),
  marked: word("Marked", "已标记"),
  named: word("Site right", "部位正确"),
  sized: word("Size right", "大小正确"),
  saveAnswers: word("Save my answers (CSV)", "保存我的答案（CSV）"),
  again: word("Once more, in another order", "换个顺序再来一次"),
} as const;

type CollectionWords = Readonly<Record<keyof typeof COLLECTION, string>>;

export const collectionWords = (locale: Locale): CollectionWords => inLocale(COLLECTION, locale);

export const TEACHING_WORDS = {
  overlay: word("Overlay", "叠加"),
  image: word(
    "CT slice: arrows scroll, Shift and arrows move a cursor, Enter marks, 1 to 3 choose a window",
    "CT 层面：方向键滚动，Shift+方向键移动光标，Enter 标记，1–3 选择窗位",
  ),
  images: word("Axial slices", "轴位层面"),
  questions: word("Questions", "问题"),
  keyImages: word("Key images", "关键图像"),
  script: word("This page needs a browser that runs scripts.", "本页需要支持脚本的浏览器。"),
  howTo: word(
    "Scroll: wheel, drag up or down, or arrow keys. Mark: click or tap.",
    "滚动：滚轮、上下拖动或方向键。标记：点击或轻触。",
  ),
  notForDiagnosis: word("Teaching case, de-identified. Not for diagnosis.", "去标识化教学病例，不用于诊断。"),
  windows: {
    bone: word("Bone", "骨窗"),
    soft: word("Soft tissue", "软组织窗"),
    cement: word("Cement", "骨水泥窗"),
  },
  range: {
    least: word("less than 0.1 mL", "小于 0.1 mL"),
    small: word("0.1 to 0.5 mL", "0.1–0.5 mL"),
    middle: word("0.5 to 2 mL", "0.5–2 mL"),
    large: word("2 mL or more", "2 mL 或以上"),
  },
  title: {
    sacroplasty: word("After sacroplasty", "骶骨成形术后"),
    vertebroplasty: word("After vertebroplasty", "椎体成形术后"),
    kyphoplasty: word("After kyphoplasty", "椎体后凸成形术后"),
    other: word("After cement augmentation", "骨水泥强化术后"),
  } satisfies Record<Findings["procedure"]["type"], Word>,
  sex: {
    M: word("man", "男性"),
    F: word("woman", "女性"),
    O: word("patient", "患者"),
    U: word("patient", "患者"),
  },
  aged: word("aged {from} to {to}", "{from}–{to} 岁"),
  agedOver: word("aged 90 or more", "90 岁或以上"),
  patient: word("Patient", "患者"),
  pathology: {
    metastasis: word("metastasis", "转移瘤"),
    insufficiency_fracture: word("insufficiency fracture", "不全骨折"),
    osteoporotic_fracture: word("osteoporotic fracture", "骨质疏松性骨折"),
    myeloma: word("myeloma", "骨髓瘤"),
    haemangioma: word("haemangioma", "血管瘤"),
    other: word("other lesion", "其他病变"),
  } satisfies Record<NonNullable<FindingsLesion["pathology"]>, Word>,
  lysis: {
    lytic: word("lytic ", "溶骨性"),
    blastic: word("blastic ", "成骨性"),
    mixed: word("mixed ", "混合性"),
    none: word("", ""),
  } satisfies Record<NonNullable<FindingsLesion["lysis"]>, Word>,
  guidance: {
    fluoroscopy: word("fluoroscopy", "透视"),
    ct: word("CT", "CT"),
    ct_fluoroscopy: word("CT fluoroscopy", "CT 透视"),
    cbct: word("cone-beam CT", "锥形束 CT"),
    navigation: word("navigation", "导航"),
    combined: word("combined guidance", "联合引导"),
  } satisfies Record<Guidance, Word>,
  guidedBy: word("Guidance: {what}.", "引导方式：{what}。"),
  injected: word("Cement injected: {ml} mL.", "骨水泥注入量：{ml} mL。"),
  task: word("CT after the procedure. Has cement left the bone?", "术后 CT。骨水泥是否漏出骨外？"),
  heading: {
    answer: word("Answer", "答案"),
    findings: word("Findings", "影像所见"),
    discussion: word("Discussion", "讨论"),
    basis: word("What the answer rests on", "答案依据"),
    difficulty: word("Level and category", "难度与类别"),
  },
  cementInBone: word("Cement in bone: {what}.", "骨内骨水泥：{what}。"),
  absent: word("No leak into: {what}.", "未见渗漏至：{what}。"),
  notAssessable: word("Not assessable: {what}.", "无法评估：{what}。"),
  notCement: word("Looks like cement and is not: {what}.", "类似骨水泥但并非骨水泥：{what}。"),
  beyond: word("{mm} beyond the cortex", "超出皮质 {mm}"),
  siteRule: word("{site}: {rule}.", "{site}：{rule}。"),
  urgent: word(
    "In the canal or at a nerve, cement is urgent: it is told to the treating clinician at once.",
    "椎管内或邻近神经的骨水泥属紧急情况：应立即告知主管医师。",
  ),
  route: {
    vein: word(
      "Cement in a vein is thin and branches; it can reach the lungs.",
      "静脉内骨水泥细长并有分支，可到达肺部。",
    ),
    cortical_defect: word(
      "A gap in the cortex beside the cement is the way it took.",
      "骨水泥旁的皮质缺损即为渗漏途径。",
    ),
    needle_track: word(
      "A straight column from the entry point to the bone follows the needle.",
      "从进针点到骨的直条状骨水泥沿穿刺道分布。",
    ),
    fracture_line: word("A fracture line leads cement out of the bone.", "骨折线将骨水泥引出骨外。"),
    foramen: word(
      "A foramen is an open door: the root lies in it.",
      "骶孔或椎间孔是开放的通道：神经根走行其中。",
    ),
    unknown: word("", ""),
  } satisfies Record<Route, Word>,
  noLeak: word(
    "Cement that stays within the bone's outline is no leak, however close to the cortex it lies. Each site of the checklist was looked at.",
    "位于骨轮廓内的骨水泥不是渗漏，无论多靠近皮质。核对清单的每个部位均已检查。",
  ),
  basis: {
    adjudicated: word(
      "Two readers, each for himself, and an adjudication of their differences.",
      "两位读者独立阅片，分歧经裁定。",
    ),
    agreeing: word("Two readers who agreed on every leak and site.", "两位读者对每处渗漏及部位意见一致。"),
    second: word(
      "One reader, in a second reading that did not know the first.",
      "一位读者的第二次独立阅片（未知首次结果）。",
    ),
    one: word("One reader. Nothing from surgery or follow-up.", "一位读者。无手术或随访证实。"),
    surgery: word("Confirmed at surgery.", "经手术证实。"),
    followUp: word("Confirmed by follow-up.", "经随访证实。"),
  },
  level: {
    primary: word("Primary level", "初级"),
    intermediate: word("Intermediate level", "中级"),
    advanced: word("Advanced level", "高级"),
  },
  collectionTitle: word("Cement leakage: cases to read", "骨水泥渗漏：读片病例"),
  category: {
    musculoskeletal: word("Musculoskeletal imaging", "肌肉骨骼影像"),
    interventional: word("Vascular and interventional imaging", "血管与介入影像"),
    neuro: word("Neuroimaging", "神经影像"),
    pulmonary: word("Pulmonary imaging", "肺部影像"),
    cardiovascular: word("Cardiovascular imaging", "心血管影像"),
  },
  notForDiagnosisShort: word("Not for diagnosis", "不用于诊断"),
  /** Of a key image: "K1, axial: presacral space". */
  caption: (leakId: string, plane: string, site: string): Word =>
    leakId === ""
      ? word(`${site}, ${plane}`, `${site}，${plane}`)
      : word(`${leakId}, ${plane}: ${site}`, `${leakId}，${plane}：${site}`),
  inBone: word("Cement in bone", "骨内骨水泥"),
  caption3d: word("3D from the {from}: {what}", "三维，自{from}观：{what}"),
  noLeaksShown: word("cement in bone, no leak", "骨内骨水泥，无渗漏"),
  seenFrom: {
    front: word("front", "前方"),
    back: word("back", "后方"),
    left: word("left", "左侧"),
    right: word("right", "右侧"),
    and: word(" and ", "及"),
  },
  plane: {
    axial: word("axial", "轴位"),
    sagittal: word("sagittal", "矢状位"),
    coronal: word("coronal", "冠状位"),
  },
} as const;
