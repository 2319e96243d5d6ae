// The places cement leaks to: names, codes, the checklist of each bone, and how a reader tells them apart.
// Definitions are this project's own draft (DOMAIN §1.3, §1.4) and wait for a radiologist's signature.

export type LocalText = { readonly en: string; readonly zh: string };
export type Glyph = "circle" | "square" | "triangle" | "diamond" | "cross";
export type Bone = "sacrum" | "vertebra" | "ilium" | "other";

export const SITE_IDS = [
  "sacral_venous_plexus",
  "puncture_path",
  "anterior_epidural_space",
  "anterior_sacral_space",
  "anterior_sacral_foramen",
  "posterior_sacral_foramen",
  "sacral_canal_other",
  "sacroiliac_joint",
  "paraspinal_gluteal_soft_tissue",
  "pelvis_beyond_presacral",
  "iliac_vein",
  "l5s1_disc",
  "spinal_epidural_space",
  "intervertebral_foramen",
  "intervertebral_disc",
  "paravertebral_vein",
  "prevertebral_vein",
  "paravertebral_soft_tissue",
  "vertebral_puncture_path",
  "azygos_or_ivc",
  "pulmonary_cement_embolism",
  "cardiac",
  "other",
] as const;
export type SiteId = (typeof SITE_IDS)[number];

/** Sites inside the spinal canal. */
export const IN_CANAL: readonly SiteId[] = [
  "anterior_epidural_space",
  "sacral_canal_other",
  "spinal_epidural_space",
];

export interface Site {
  readonly id: SiteId;
  /** 99BCLT code value (DOMAIN §3.2). */
  readonly code: string;
  readonly name: LocalText;
  /** Bones whose lesions can leak there; distant sites belong to all. */
  readonly bones: readonly Bone[];
  /** Asked of every lesion of these bones before sign-off (DOMAIN §1.6). */
  readonly onChecklist: boolean;
  readonly distant: boolean;
  readonly decideBy: LocalText;
  readonly color: string;
  readonly glyph: Glyph;
}

const sacral: readonly Bone[] = ["sacrum", "ilium"];
const vertebral: readonly Bone[] = ["vertebra"];
const every: readonly Bone[] = ["sacrum", "ilium", "vertebra", "other"];

function site(
  id: SiteId,
  code: string,
  en: string,
  zh: string,
  bones: readonly Bone[],
  color: string,
  glyph: Glyph,
  decideByEn: string,
  decideByZh: string,
  options: { checklist?: boolean; distant?: boolean } = {},
): Site {
  return {
    id,
    code,
    name: { en, zh },
    bones,
    onChecklist: options.checklist ?? true,
    distant: options.distant ?? false,
    decideBy: { en: decideByEn, zh: decideByZh },
    color,
    glyph,
  };
}

/** In the order of the keys 1 to 9 of each bone, then of the list. */
export const SITES: readonly Site[] = [
  site(
    "sacral_venous_plexus",
    "S-VEIN-SACRAL",
    "Sacral venous plexus",
    "骶静脉丛",
    sacral,
    "#4dabf7",
    "circle",
    "Tubular or branching, smooth, at least twice as long as wide, along the pelvic surface or out of a ventral foramen",
    "管状或分支状，边缘光滑，长度至少为宽度的两倍，沿骶骨盆面或自骶前孔走行",
  ),
  site(
    "puncture_path",
    "S-PUNCTURE",
    "Puncture path",
    "穿刺路径",
    sacral,
    "#ffd43b",
    "square",
    "Straight column from the bone entry hole towards the skin, coaxial with a needle, outside bone",
    "自骨入口孔向皮肤方向延伸的直线柱状影，与穿刺针同轴，位于骨外",
  ),
  site(
    "anterior_epidural_space",
    "S-EPIDURAL-ANT",
    "Anterior epidural space",
    "硬膜外前间隙",
    sacral,
    "#ff6b6b",
    "triangle",
    "Inside the sacral canal, ventral to the sac or roots: sheet, or paired lateral strips",
    "位于骶管内，硬膜囊或神经根腹侧，呈片状或双侧条状",
  ),
  site(
    "anterior_sacral_space",
    "S-PRESACRAL",
    "Presacral space",
    "骶前间隙",
    sacral,
    "#69db7c",
    "diamond",
    "In front of the pelvic cortex, not tubular (blob or plaque), usually at a cortical defect",
    "位于骶骨盆面皮质前方，非管状（团块或斑片），常紧邻皮质缺损",
  ),
  site(
    "anterior_sacral_foramen",
    "S-FORAMEN-ANT",
    "Anterior sacral foramen",
    "骶前孔",
    ["sacrum"],
    "#f783ac",
    "triangle",
    "Inside a ventral foramen S1 to S4, beside the exiting root",
    "位于 S1 至 S4 骶前孔内，紧邻穿出的神经根",
  ),
  site(
    "posterior_sacral_foramen",
    "S-FORAMEN-POST",
    "Posterior sacral foramen",
    "骶后孔",
    ["sacrum"],
    "#e599f7",
    "triangle",
    "Inside a dorsal foramen",
    "位于骶后孔内",
  ),
  site(
    "sacroiliac_joint",
    "S-SIJ",
    "Sacroiliac joint",
    "骶髂关节",
    sacral,
    "#ffa94d",
    "square",
    "Between the joint surfaces of sacrum and ilium",
    "位于骶骨与髂骨关节面之间",
  ),
  site(
    "iliac_vein",
    "S-ILIAC-VEIN",
    "Iliac vein",
    "髂静脉",
    sacral,
    "#3bc9db",
    "circle",
    "Inside an iliac vein",
    "位于髂静脉内",
  ),
  site(
    "l5s1_disc",
    "S-DISC-L5S1",
    "L5/S1 disc",
    "L5/S1 椎间盘",
    ["sacrum"],
    "#a9e34b",
    "square",
    "Beyond the S1 end plate, in the disc space",
    "越过 S1 终板进入椎间隙",
  ),
  site(
    "sacral_canal_other",
    "S-CANAL-OTHER",
    "Sacral canal, posterior or lateral",
    "骶管（后方或侧方）",
    ["sacrum"],
    "#ff8787",
    "cross",
    "Inside the canal, dorsal or lateral to the sac",
    "位于骶管内，硬膜囊后方或侧方",
    { checklist: false },
  ),
  site(
    "paraspinal_gluteal_soft_tissue",
    "S-GLUTEAL",
    "Paraspinal or gluteal soft tissue",
    "椎旁或臀部软组织",
    sacral,
    "#ffe066",
    "cross",
    "Behind bone, more than 5 mm off a needle axis",
    "位于骨后方，偏离穿刺轴线超过 5 mm",
    { checklist: false },
  ),
  site(
    "pelvis_beyond_presacral",
    "S-PELVIS",
    "Pelvis beyond the presacral fascia",
    "骶前筋膜以外盆腔",
    sacral,
    "#8ce99a",
    "cross",
    "In the pelvis, beyond the presacral fascia",
    "位于骶前筋膜以外的盆腔内",
    { checklist: false },
  ),
  site(
    "spinal_epidural_space",
    "V-EPIDURAL",
    "Spinal canal, epidural",
    "椎管硬膜外间隙",
    vertebral,
    "#ff6b6b",
    "triangle",
    "Inside the spinal canal, outside the dura",
    "位于椎管内硬膜外",
  ),
  site(
    "intervertebral_foramen",
    "V-FORAMEN",
    "Intervertebral foramen",
    "椎间孔",
    vertebral,
    "#f783ac",
    "triangle",
    "Inside the foramen, beside the exiting root",
    "位于椎间孔内，紧邻穿出的神经根",
  ),
  site(
    "intervertebral_disc",
    "V-DISC",
    "Intervertebral disc",
    "椎间盘",
    vertebral,
    "#a9e34b",
    "square",
    "Beyond an end plate, in the disc space; name Schmorl node as the other reading within 3 mm",
    "越过终板进入椎间隙；距终板 3 mm 内须考虑许莫氏结节",
  ),
  site(
    "paravertebral_vein",
    "V-PARAVERT-VEIN",
    "Paravertebral vein",
    "椎旁静脉",
    vertebral,
    "#4dabf7",
    "circle",
    "Tubular, lateral to the vertebral body",
    "管状，位于椎体侧方",
  ),
  site(
    "prevertebral_vein",
    "V-PREVERT-VEIN",
    "Prevertebral vein",
    "椎前静脉",
    vertebral,
    "#3bc9db",
    "circle",
    "Tubular, in front of the vertebral body",
    "管状，位于椎体前方",
  ),
  site(
    "paravertebral_soft_tissue",
    "V-PARAVERT-ST",
    "Paravertebral soft tissue",
    "椎旁软组织",
    vertebral,
    "#69db7c",
    "diamond",
    "Beside the vertebra, not tubular",
    "位于椎体旁，非管状",
  ),
  site(
    "vertebral_puncture_path",
    "V-PUNCTURE",
    "Puncture path, vertebral",
    "穿刺路径（椎体）",
    vertebral,
    "#ffd43b",
    "square",
    "Straight column from the pedicle entry towards the skin",
    "自椎弓根入口向皮肤方向延伸的直线柱状影",
  ),
  site(
    "azygos_or_ivc",
    "V-AZYGOS-IVC",
    "Azygos system or inferior vena cava",
    "奇静脉系统或下腔静脉",
    vertebral,
    "#22b8cf",
    "circle",
    "Inside the azygos or hemiazygos vein or the cava",
    "位于奇静脉、半奇静脉或下腔静脉内",
    { checklist: false },
  ),
  site(
    "pulmonary_cement_embolism",
    "D-PULM-EMB",
    "Pulmonary cement embolism",
    "肺动脉骨水泥栓塞",
    every,
    "#ff922b",
    "circle",
    "Branching or punctate very dense foci along pulmonary arteries",
    "沿肺动脉分布的分支状或点状极高密度影",
    { distant: true, checklist: false },
  ),
  site(
    "cardiac",
    "D-CARDIAC",
    "Cardiac cement",
    "心腔骨水泥",
    every,
    "#fa5252",
    "circle",
    "Cement in a heart chamber",
    "心腔内骨水泥",
    { distant: true, checklist: false },
  ),
  site(
    "other",
    "S-OTHER",
    "Other site",
    "其他部位",
    every,
    "#ced4da",
    "cross",
    "Say where in words",
    "请用文字说明部位",
    { checklist: false },
  ),
];

const byId = new Map(SITES.map((entry) => [entry.id, entry]));

/** The site of an id; every SiteId has one. */
export function siteOf(id: SiteId): Site {
  const found = byId.get(id);
  if (!found) throw new Error(`unknown site ${id}`);
  return found;
}

/** Sites that a lesion of this bone can leak to, in the order of the keys. */
export const sitesFor = (bone: Bone): readonly Site[] =>
  SITES.filter((entry) => entry.bones.includes(bone === "other" ? "sacrum" : bone));

/** Sites that must be answered for a lesion of this bone (DOMAIN §1.6): a vertebral lesion is never asked sacral questions. */
export const checklistFor = (bone: Bone): readonly Site[] =>
  sitesFor(bone).filter((entry) => entry.onChecklist);
