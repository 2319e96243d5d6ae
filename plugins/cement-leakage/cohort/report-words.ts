// Words of the cohort's report.
import type { LocalText } from "../model/sites.ts";
import type { Unit } from "./rates.ts";

const text = (en: string, zh: string): LocalText => ({ en, zh });
const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

export const REPORT_WORDS = {
  title: text("Cement leakage: quality review", "骨水泥渗漏：质量评估"),
  patients: text("patients", "名患者"),
  lesions: text("lesions", "处病灶"),
  cases: text("signed cases", "例已签署病例"),
  notForDiagnosis: text(
    "Not for diagnosis: not a medical device; the definitions of the sites are a project draft.",
    "不用于诊断：非医疗器械；部位定义为项目草案。",
  ),
  amongSubmitted: text(
    "Without a list of procedures every rate reads: among submitted cases. Nobody knows who is missing.",
    "无手术清单：所有比率均仅指所提交的病例，缺失者未知。",
  ),
  severe: text("What a board asks first", "质控首要问题"),
  rates: text("Leaks per patient", "按患者计的渗漏"),
  places: text("Leaks by place (schematic)", "渗漏部位（示意）"),
  wilson: text(
    "Bars: 95 % Wilson intervals. No percentage is given below ten. Grey: not comparable, for the reason in its title.",
    "横线：95 % Wilson 区间。分母小于 10 时不给百分比。灰色：不可比。",
  ),
  notComparable: text("not comparable", "不可比"),
  units: text("Every rate with its unit", "各比率及其单位"),
  clustered: text(
    "Per lesion, the second interval draws whole patients again and again (4,000 times, fixed seed): lesions of one patient are not independent.",
    "按病灶计时，第二区间以患者为单位重抽样（4000 次，固定种子）：同一患者的病灶并不独立。",
  ),
  rate: text("Rate", "比率"),
  share: text("Count and 95 % interval", "计数与 95 % 区间"),
  notShown: text("not shown", "不显示"),
  question: text("Question", "问题"),
  notKnown: text("Not known", "未知"),
  per: {
    patient: text("Per patient", "按患者"),
    procedure: text("Per procedure", "按手术"),
    lesion: text("Per lesion", "按病灶"),
    needle: text("Per needle", "按穿刺针"),
    leak: text("Of all leaks", "占全部渗漏"),
  } satisfies Record<Unit, LocalText>,
  step: text("Step", "步骤"),
  count: text("Cases", "例数"),
  lost: text("Lost, and why", "流失及原因"),
  file: text("File", "文件"),
  reason: text("Reason", "原因"),
  timePoint: text("Time point", "时间点"),
  meanSd: text("Mean ± SD", "均值 ± 标准差"),
  trendHidden: text(
    "Not drawn: in some periods one to four cases had it, and counts under five are hidden. Choose longer periods, or show small counts inside the department.",
    "未绘制：部分时期计数为 1–4，而小于 5 的计数已隐藏。请选择更长时期，或在科室内部显示小计数。",
  ),
  cluster: text("Clustered, %", "聚类区间 %"),
  notAssessable: text("Not assessable or not answered", "无法评估或未回答"),
  compare: text("Groups compared", "分组比较"),
  holm: text(
    "Exact test of Freeman and Halton; P corrected for all comparisons shown here by Holm's method.",
    "Freeman–Halton 精确检验；P 值按 Holm 法对本页全部比较校正。",
  ),
  trend: text("Over time", "随时间变化"),
  power: {
    en: (of: number, limits: readonly [number, number], chance: number) =>
      `With ${of} cases a period the limits are ${percent(limits[0])} to ${percent(limits[1])}: a doubled rate would leave them in ${percent(chance)} of periods.`,
    zh: (of: number, limits: readonly [number, number], chance: number) =>
      `每期 ${of} 例时控制限为 ${percent(limits[0])} 至 ${percent(limits[1])}：比率翻倍时仅 ${percent(chance)} 的时期会超出。`,
  },
  none: {
    en: (of: number, upper: number) =>
      `No event in ${of}: rates up to ${(100 * upper).toFixed(1)} % fit that.`,
    zh: (of: number, upper: number) => `${of} 例中无事件：真实比率可高达 ${(100 * upper).toFixed(1)} %。`,
  },
  outcomes: text("Outcome beside leakage", "渗漏与结局"),
  who: {
    all: text("all", "全部"),
    leak: text("with a leak", "有渗漏"),
    "no leak": text("without a leak", "无渗漏"),
    symptomatic: text("with a symptomatic leak", "症状性渗漏"),
    silent: text("with a silent leak", "无症状渗漏"),
  },
  missing: text("missing", "缺失"),
  change: text("change from baseline", "较基线变化"),
  relief: text("Pain relief (VAS fall of 3 or more)", "疼痛缓解（VAS 下降 ≥ 3）"),
  volumes: text("Volumes", "体积"),
  leakVolume: text("Leak volume", "渗漏体积"),
  injected: text("Injected per lesion", "每病灶注入量"),
  agreement: text("Agreement of readers", "阅片者一致性"),
  agreementNote: text(
    "Cases read twice, neither reader seeing the other's findings. Readers are pseudonyms. Kappa is undefined where both gave one answer only; AC1 is not. Brackets: 95 % intervals; of Dice, quartiles.",
    "由两人各自独立阅片的病例。阅片者为代号。双方仅用一种回答时 kappa 无定义，AC1 不受影响。括号内为 95 % 区间；Dice 为四分位数。",
  ),
  judged: text("Judged by both", "双方判断"),
  alike: text("Alike, or value", "一致数或数值"),
  kappa: text("Kappa", "Kappa"),
  blandAltman: text("Leak volumes of two reads: difference against mean", "两次阅片的渗漏体积：差值与均值"),
  operators: text("Operators", "术者"),
  funnelNote: text(
    "Pseudonyms, from 20 procedures on, with the lesions that each treats. No ranking: case mix differs.",
    "术者为代号，至少 20 例手术，并列其病灶构成。不作排名：病例构成不同。",
  ),
  flow: text("From performed to counted", "从施行到计入"),
  leftOut: text("Left out", "未计入"),
  locked: text("Locked report", "锁定报告"),
  cutOff: text("Cut-off", "截止"),
  filters: text("Filters", "筛选"),
  noFilters: text("none", "无"),
  since: text("Since then", "此后"),
  changed: text("amended", "例修订"),
  added: text("added", "例新增"),
  gone: text("no longer submitted", "例不再提交"),
  methods: text("Methods", "方法"),
  definitions: text("Versions of the definitions", "定义版本"),
  methodsText: [
    text(
      "Leaks are counted as events: parts of one component of cement, or beads of one venous trail, are one. A patient has a leak of a kind where any of the cases has; has none where every place that the checklist asks for was answered absent; else the patient is in no denominator, and is shown as not assessable or not answered.",
      "渗漏按事件计：同一骨水泥连通部分或同一静脉串珠计为一次。任一病例有该类渗漏即计为有；清单所问部位全部回答“无”方计为无；否则不入分母，另列为无法评估或未回答。",
    ),
    text(
      "Tails under 5 mm beyond the entry hole, and cement in lung or heart, are lines of their own and in no other rate. Both alae are two lesions. Drafts, replaced versions and second reads are not counted.",
      "入骨孔外不足 5 mm 的尾迹及肺、心内骨水泥另列，不入其他比率。双侧骶骨翼为两处病灶。草稿、被替代版本与第二次阅片不计。",
    ),
    text(
      "Intervals: Wilson score, 95 %, without continuity correction. Groups: Freeman-Halton exact test, chi-square where every expected count is at least 5, Holm's correction. Trend: p-chart at three standard errors. Outcome: paired t and Wilcoxon signed-rank test; missing values are left out and shown.",
      "区间：95 % Wilson 计分区间，无连续性校正。分组：Freeman–Halton 精确检验；期望频数均 ≥ 5 时给出卡方；Holm 校正。趋势：三倍标准误 p 图。结局：配对 t 与 Wilcoxon 符号秩检验；缺失值不计并列出。",
    ),
  ],
} as const;
