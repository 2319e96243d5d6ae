// Help for each leak site: what imitates it, and what to mind. Project draft (DOMAIN §1.3, §1.4), not signed off by a radiologist.
import type { LocalText, OwnSiteId } from "./sites.ts";

export interface SiteHelp {
  readonly lookAlikes: LocalText;
  readonly mind: LocalText;
}

const help = (alikesEn: string, alikesZh: string, mindEn: string, mindZh: string): SiteHelp => ({
  lookAlikes: { en: alikesEn, zh: alikesZh },
  mind: { en: mindEn, zh: mindZh },
});

export const SITE_HELP: Readonly<Record<OwnSiteId, SiteHelp>> = {
  sacral_venous_plexus: help(
    "A presacral blob (not tubular); a calcified iliac artery or a phlebolith (both already on the earlier CT, off the course of the veins); contrast in a ureter.",
    "骶前团块（非管状）；髂动脉钙化或静脉石（既往 CT 已存在，且不在静脉走行上）；输尿管内造影剂。",
    "A trail may be broken into beads: they are one leak event. A part that is tubular here and a blob in front of the cortex is venous, and also presacral.",
    "静脉内骨水泥可断续呈串珠状：仍为同一渗漏事件。既呈管状又在皮质前成团者，归为静脉并注明同时累及骶前。",
  ),
  puncture_path: help(
    "A piece of needle left behind (far brighter than cement, with streaks); cement that spreads more than 5 mm off the track belongs to the paraspinal or gluteal soft tissue.",
    "遗留的穿刺针（密度远高于骨水泥并伴伪影）；偏离针道超过 5 mm 的骨水泥属于椎旁或臀部软组织。",
    "Only what lies outside bone is a leak; cement along the track inside bone is not. A tail of less than 5 mm behind the entry hole is counted apart. Read the axis from the cast and the hole, not from the approach's name.",
    "仅骨外部分为渗漏；骨内沿针道的骨水泥不算。入口外不足 5 mm 的尾段单独计数。针轴应由骨水泥与入口判断，而非由入路名称推断。",
  ),
  anterior_epidural_space: help(
    "A spur of the posterior wall, an ossified ligament, a calcified disc: all are on the earlier CT.",
    "椎体后壁骨赘、韧带骨化、椎间盘钙化：既往 CT 上均已存在。",
    "Confirm on thin slices. A tubular leak in the canal is still epidural; its route is a vein. Below the sac, usually at S2, the ventral half of the canal counts.",
    "请在薄层上确认。管状的椎管内渗漏仍属硬膜外，途径为静脉。硬膜囊终点（通常为 S2）以下以骶管腹侧半为准。",
  ),
  anterior_sacral_space: help(
    "A venous leak (tubular); a spur; contrast in the bowel.",
    "静脉渗漏（管状）；骨赘；肠道造影剂。",
    "In front of the ala run the L5 root, the lumbosacral trunk and the iliac vessels. The program estimates their distance; it never rules out contact.",
    "骶骨翼前方有 L5 神经根、腰骶干及髂血管走行。程序仅估计其距离，绝不排除接触。",
  ),
  anterior_sacral_foramen: help(
    "A vein leaving through the foramen without filling it; dense cortex at the rim of the foramen.",
    "经骶前孔穿出但未充填其内的静脉；孔缘致密皮质。",
    "Say the level. Contact with the root is a finding of its own.",
    "请注明节段。与神经根接触为单独的所见。",
  ),
  posterior_sacral_foramen: help(
    "The end of a puncture path beside the foramen; dense cortex at its rim.",
    "骶后孔旁的针道末端；孔缘致密皮质。",
    "Say the level; look whether it continues into the canal.",
    "请注明节段，并观察是否延续入骶管。",
  ),
  sacral_canal_other: help(
    "Ossified ligamentum flavum, facet spurs.",
    "黄韧带骨化、关节突骨赘。",
    "Dorsal or lateral to the sac; ventral cement belongs to the anterior epidural space.",
    "位于硬膜囊背侧或外侧；腹侧者归为硬膜外前间隙。",
  ),
  sacroiliac_joint: help(
    "Dense bone on both sides of a worn joint; a bridging spur.",
    "退变关节两侧的骨质硬化；桥接骨赘。",
    "Cement along a transiliac track within the ilium is no leak; within the joint it is.",
    "经髂入路时，髂骨内沿针道的骨水泥不算渗漏；关节间隙内者为渗漏。",
  ),
  iliac_vein: help(
    "Calcium in the wall of the iliac artery; contrast in vein or ureter.",
    "髂动脉壁钙化；静脉或输尿管内造影剂。",
    "Follow it upwards: cement here can travel. The chest is outside this CT.",
    "向上追踪：此处骨水泥可移行。胸部不在本次 CT 范围内。",
  ),
  l5s1_disc: help(
    "A Schmorl node or a broken end plate with cement still inside bone; gas or calcium in the disc.",
    "许莫氏结节或终板骨折而骨水泥仍在骨内；椎间盘内气体或钙化。",
    "Within 3 mm of an end plate both readings are named, and it is never called definite.",
    "距终板 3 mm 内须同时注明两种可能，且不判为“确定”。",
  ),
  paraspinal_gluteal_soft_tissue: help(
    "The puncture path itself (straight, on the needle's axis); calcified muscle or an old injection.",
    "针道本身（直线，位于针轴上）；肌肉钙化或陈旧注射灶。",
    "More than 5 mm off the axis of every needle.",
    "偏离所有针轴超过 5 mm。",
  ),
  pelvis_beyond_presacral: help(
    "Contrast in the bowel, a phlebolith, a calcified fibroid or node.",
    "肠道造影剂、静脉石、钙化的子宫肌瘤或淋巴结。",
    "Rare: look for a track back to the bone before calling it cement.",
    "少见：判为骨水泥前，先寻找其与骨的连续径路。",
  ),
  spinal_epidural_space: help(
    "A spur of the posterior wall, a retropulsed fragment, ossified ligament.",
    "椎体后壁骨赘、后移骨块、韧带骨化。",
    "State how much of the canal is taken, on thin slices.",
    "在薄层上说明椎管受占程度。",
  ),
  intervertebral_foramen: help(
    "A facet spur; a foraminal vein that passes without filling the foramen.",
    "关节突骨赘；仅经过而未充填椎间孔的静脉。",
    "Say level and side; contact with the root is a finding of its own.",
    "请注明节段与侧别；与神经根接触为单独的所见。",
  ),
  intervertebral_disc: help(
    "A Schmorl node or a broken end plate with cement still inside bone.",
    "许莫氏结节或终板骨折而骨水泥仍在骨内。",
    "Within 3 mm of an end plate both readings are named, and it is never called definite.",
    "距终板 3 mm 内须同时注明两种可能，且不判为“确定”。",
  ),
  paravertebral_vein: help(
    "Calcium in the aortic wall; a lateral spur; a blob beside the body (soft tissue).",
    "主动脉壁钙化；椎体侧方骨赘；椎体旁团块（属软组织）。",
    "Smooth and tubular, along a segmental vein. Follow it to the cava or the azygos system.",
    "边缘光滑呈管状，沿节段静脉走行。应追踪至下腔静脉或奇静脉系统。",
  ),
  prevertebral_vein: help(
    "Calcium in the aortic wall; an anterior spur; an ossified anterior ligament.",
    "主动脉壁钙化；椎体前缘骨赘；前纵韧带骨化。",
    "Follow it to the cava.",
    "应追踪至下腔静脉。",
  ),
  paravertebral_soft_tissue: help(
    "A vein filled with cement (tubular); a lateral spur.",
    "充满骨水泥的静脉（管状）；椎体侧方骨赘。",
    "Look for the cortical defect that it came through.",
    "寻找其穿出的皮质缺损。",
  ),
  vertebral_puncture_path: help(
    "A piece of needle left behind (far brighter, with streaks).",
    "遗留的穿刺针（密度远高并伴伪影）。",
    "Only what lies outside the pedicle is a leak.",
    "仅椎弓根以外部分为渗漏。",
  ),
  azygos_or_ivc: help(
    "A filter or a calcified wall; contrast.",
    "静脉滤器或管壁钙化；造影剂。",
    "Cement here can travel to the lungs, which this CT does not show.",
    "此处骨水泥可移行至肺，而本次 CT 未包括肺部。",
  ),
  pulmonary_cement_embolism: help(
    "Calcified granulomas or nodes; contrast in vessels.",
    "钙化肉芽肿或淋巴结；血管内造影剂。",
    "Outside a sacral CT: recorded as not assessed, never as absent.",
    "不在骶骨 CT 范围内：记为“未评估”，绝不记为“无”。",
  ),
  cardiac: help(
    "Calcified valves or coronary arteries; a pacing lead.",
    "瓣膜或冠状动脉钙化；起搏导线。",
    "Outside a sacral CT: recorded as not assessed, never as absent.",
    "不在骶骨 CT 范围内：记为“未评估”，绝不记为“无”。",
  ),
  other: help(
    "Anything bright that was there before.",
    "既往已存在的任何高密度影。",
    "Say where in words.",
    "请用文字说明部位。",
  ),
};
