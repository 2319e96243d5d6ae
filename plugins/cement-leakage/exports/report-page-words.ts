// The words that only the printed report page has, in every language.
import type { FindingsLeak } from "../model/findings.ts";
import type { LocalText } from "../model/sites.ts";
import type { PlaneName } from "./best-plane.ts";

const word = (en: string, zh: string): LocalText => ({ en, zh });

export const PAGE_WORDS = {
  footer: word(
    "Not for diagnosis: research software, not a medical device",
    "不用于诊断：研究用途软件，并非医疗器械",
  ),
  case: word("Case", "病例"),
  ctOf: word("CT of", "CT 日期"),
  report: word("Report", "报告编号"),
  status: {
    draft: word("Draft", "草稿"),
    final: word("Final", "正式报告"),
    amended: word("Amended", "修订报告"),
  },
  draftWord: word("DRAFT", "草稿 DRAFT"),
  replaces: word("replaces report", "替代报告"),
  urgent: word("Urgent", "紧急"),
  answer: word("Answer", "结论"),
  pictures: word("Each leak in the plane that shows most of it", "各渗漏的最佳显示平面"),
  noPicture: word("No picture available", "无可用图像"),
  plane: {
    axial: word("axial", "轴位"),
    sagittal: word("sagittal", "矢状位"),
    coronal: word("coronal", "冠状位"),
  } satisfies Record<PlaneName, LocalText>,
  boneWindow: word("bone window", "骨窗"),
  leaks: word("Leaks", "渗漏"),
  number: word("No.", "编号"),
  site: word("Site", "部位"),
  place: word("Side, level", "侧别与节段"),
  route: word("Route", "途径"),
  volume: word("Volume", "体积"),
  estimate: word("estimate (95 % interval)", "估计值（95 % 区间）"),
  injected: word("Injected", "注入量"),
  extent: word("Longest extent", "最大径"),
  beyond: word("Beyond the cortex", "超出皮质"),
  confidence: word("Confidence", "把握程度"),
  noLesion: word("no single lesion", "不能归属单一病灶"),
  symptom: {
    asymptomatic: word("no symptoms", "无症状"),
    radicular: word("radicular pain", "根性疼痛"),
    deficit: word("neurological deficit", "神经功能缺损"),
    sphincter: word("sphincter disturbance", "括约肌功能障碍"),
    dyspnea: word("dyspnoea", "呼吸困难"),
    other: word("other symptoms", "其他症状"),
    not_assessed: word("symptoms not assessed", "症状未评估"),
  } satisfies Record<FindingsLeak["symptom"], LocalText>,
  lesions: word("Cement in bone, by lesion", "各病灶骨内骨水泥"),
  bone: word("Bone, side, level", "骨、侧别与节段"),
  unknown: word("not known", "不详"),
  negatives: word("Looked for and not found", "已检查且未见渗漏的部位"),
  none: word("none", "无"),
  notAssessed: word("Not assessed", "未评估"),
  notAnswered: word("Not answered yet", "尚未作答"),
  symptomsOpen: word("Symptoms", "症状"),
  contactOpen: word("Contact with nerve or canal", "与神经或椎（骶）管的关系"),
  outside: word("Outside this CT", "不在本次 CT 范围内"),
  limits: word("Limits of the numbers", "数值的局限"),
  voxelCount: word(
    "volumes count whole voxels; the estimate under them counts partial ones",
    "体积按整体素计数；其下的估计值计入部分容积",
  ),
  notes: word("What the software assumed or left out (in English)", "软件的假设与遗漏（英文原文）"),
  moreNotes: word("# more in the findings file (JSON)", "另有 # 条见结果文件（JSON）"),
  unsigned: word("Not signed", "未签署"),
  madeBy: word("Made by", "生成软件"),
} as const;
