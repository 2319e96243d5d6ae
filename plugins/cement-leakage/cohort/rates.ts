// Rates with their unit and denominator, never mixed: per patient, procedure, lesion, needle and leak event (DOMAIN §1.1, §7).
import { isLocalSite, SITE_IDS, type LocalText, type SiteId } from "../model/sites.ts";
import type { CohortCase, LeakEvent } from "./case-record.ts";
import { clusterInterval } from "./cluster-bootstrap.ts";
import type { AskedUnit, CohortSet, Counts } from "./cohort-set.ts";
import { type Interval, proportion, type Proportion } from "./proportions.ts";
import { ANY_LEAK, APART, MISSION_PLACES, siteQuestion, type Question } from "./questions.ts";

export type Unit = "patient" | "procedure" | "lesion" | "needle" | "leak";

export interface Rate {
  /** "any-leak", "category:puncture_path", "route:vein": stable, for addresses and tests. */
  readonly id: string;
  readonly label: LocalText;
  readonly note?: LocalText;
  readonly unit: Unit;
  readonly proportion: Proportion;
  /** Asked, but not assessable: kept out of the denominator. */
  readonly notAssessable: number;
  /** Asked and not answered, likewise. */
  readonly notAnswered: number;
  /** For lesions: whole patients drawn again and again, because lesions of one patient are not independent. */
  readonly clustered?: Interval | null;
}

function rateOf(
  question: Pick<Question, "id" | "label" | "note">,
  unit: Unit,
  { present, absent, notAssessable, notAnswered }: Counts,
): Rate {
  return {
    id: question.id,
    label: question.label,
    ...(question.note ? { note: question.note } : {}),
    unit,
    proportion: proportion(present, present + absent),
    notAssessable,
    notAnswered,
  };
}

export function groupBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** One question of every patient, procedure or lesion that is asked. */
export function askAll(set: CohortSet, question: Question, unit: AskedUnit): Rate {
  const rate = rateOf(question, unit, set.count(question, unit));
  return unit === "lesion" ? { ...rate, clustered: clusterInterval(set.clusters(question)) } : rate;
}

const OWN_SITES: ReadonlySet<string> = new Set(SITE_IDS);
const isSite = (id: string): id is SiteId => OWN_SITES.has(id) || isLocalSite(id);

/** Sites that any case has or was asked for, in the order in which they first occur in the cases. */
export function sitesAsked(cases: readonly CohortCase[]): readonly SiteId[] {
  const found = new Set<SiteId>();
  for (const { lesions, events } of cases) {
    for (const { answers } of lesions)
      for (const site of Object.keys(answers)) if (isSite(site)) found.add(site);
    for (const { sites } of events) for (const site of sites) found.add(site);
  }
  return [...found];
}

export interface RateTables {
  /** Any leak, then the four places, then what is counted apart. */
  readonly main: readonly Rate[];
  readonly sites: readonly Rate[];
  readonly perProcedure: readonly Rate[];
  readonly perLesion: readonly Rate[];
  /** Of all leak events. */
  readonly ofLeaks: readonly Rate[];
  readonly technicalSuccess: Rate;
  readonly needles: { readonly needles: number; readonly events: number };
}

export const MAIN_QUESTIONS: readonly Question[] = [ANY_LEAK, ...MISSION_PLACES, ...APART];

export function rateTables(set: CohortSet): RateTables {
  const { cases } = set;
  const ask = (unit: AskedUnit) => (question: Question) => askAll(set, question, unit);
  return {
    main: MAIN_QUESTIONS.map(ask("patient")),
    sites: sitesAsked(cases).map(siteQuestion).map(ask("patient")),
    perProcedure: MAIN_QUESTIONS.map(ask("procedure")),
    perLesion: MAIN_QUESTIONS.map(ask("lesion")),
    ofLeaks: ofLeaks(cases),
    technicalSuccess: technicalSuccess(cases),
    needles: {
      needles: cases.reduce(
        (sum, { lesions }) => sum + lesions.reduce((all, { needles }) => all + needles, 0),
        0,
      ),
      events: cases.reduce(
        (sum, { events }) =>
          sum + events.filter(({ category, apart }) => category === "puncture_path" && apart === null).length,
        0,
      ),
    },
  };
}

/** A property of leak events: its value, null where it is not known. */
interface Property {
  readonly name: string;
  readonly valueOf: (event: LeakEvent) => string | null;
  readonly labels: Labels;
}

const PROPERTIES = (): readonly Property[] => [
  { name: "place", valueOf: ({ category }) => category, labels: CATEGORY_LABELS },
  { name: "route", valueOf: ({ route }) => (route === "unknown" ? null : route), labels: ROUTE_LABELS },
  {
    name: "extent",
    valueOf: ({ extentGrade }) => (extentGrade === null ? null : String(extentGrade)),
    labels: EXTENT_LABELS,
  },
  {
    name: "symptom",
    valueOf: ({ symptom }) => (symptom === "not_assessed" ? null : symptom),
    labels: SYMPTOM_LABELS,
  },
  { name: "confidence", valueOf: ({ confidence }) => confidence, labels: CONFIDENCE_LABELS },
];

const counted = (events: readonly LeakEvent[], answer: (event: LeakEvent) => boolean | null): Counts => {
  const counts = { present: 0, absent: 0, notAssessable: 0, notAnswered: 0 };
  for (const event of events) {
    const found = answer(event);
    if (found === null) counts.notAnswered++;
    else if (found) counts.present++;
    else counts.absent++;
  }
  return counts;
};

/** Whether an event has what a line of `ofLeaks` counts, by the line's id; null where it is not known. */
export function leakAnswer(id: string): (event: LeakEvent) => boolean | null {
  const [name, value] = id.split(":");
  if (name === "yeom") return ({ yeomTypes }) => (yeomTypes.length === 0 ? null : yeomTypes.includes(value));
  const property = PROPERTIES().find((one) => one.name === name);
  return (event) => {
    const has = property?.valueOf(event) ?? null;
    return has === null ? null : has === value;
  };
}

/** Whoever has none of the values a property may have is not in its denominator. */
function ofLeaks(cases: readonly CohortCase[]): Rate[] {
  const events = cases.flatMap((one) => one.events.filter(({ apart }) => apart === null));
  const line = (id: string, label: LocalText): Rate =>
    rateOf({ id, label }, "leak", counted(events, leakAnswer(id)));
  const lines = PROPERTIES().flatMap(({ name, labels }) =>
    Object.entries(labels).map(([value, label]) => line(`${name}:${value}`, label)),
  );
  const yeom = ["B", "S", "C", "D"].map((type) =>
    line(`yeom:${type}`, { en: `Yeom type ${type}`, zh: `Yeom ${type} 型` }),
  );
  return [...lines, ...yeom].filter(({ proportion: { count } }) => count > 0);
}

type Labels = Readonly<Record<string, LocalText>>;
const text = (en: string, zh: string): LocalText => ({ en, zh });
const CATEGORY_LABELS: Labels = {
  sacral_venous_plexus: text("Sacral venous plexus", "骶静脉丛"),
  puncture_path: text("Puncture path", "穿刺路径"),
  anterior_epidural_space: text("Anterior epidural space", "硬膜外前间隙"),
  anterior_sacral_space: text("Presacral space", "骶前间隙"),
  other: text("Elsewhere", "其他部位"),
};
const ROUTE_LABELS: Labels = {
  vein: text("By a vein", "经静脉"),
  cortical_defect: text("Through a cortical defect", "经皮质缺损"),
  needle_track: text("Along the needle", "沿穿刺针道"),
  fracture_line: text("Through a fracture", "经骨折线"),
  foramen: text("Through a foramen", "经椎间孔或骶孔"),
  endplate: text("Through an end plate", "经终板"),
};
const EXTENT_LABELS: Labels = {
  "1": text("Trace (under 0.1 mL and within 5 mm)", "微量（< 0.1 mL 且 ≤ 5 mm）"),
  "2": text("Limited (under 0.5 mL)", "局限（< 0.5 mL）"),
  "3": text("Extensive", "广泛"),
};
const SYMPTOM_LABELS: Labels = {
  asymptomatic: text("Asymptomatic", "无症状"),
  radicular: text("Radicular pain", "根性痛"),
  deficit: text("Neurological deficit", "神经功能缺损"),
  sphincter: text("Sphincter disorder", "括约肌障碍"),
  dyspnea: text("Dyspnoea", "呼吸困难"),
  other: text("Other symptom", "其他症状"),
};
const CONFIDENCE_LABELS: Labels = {
  definite: text("Definite", "确定"),
  probable: text("Probable", "很可能"),
  possible: text("Possible", "可能"),
};

function technicalSuccess(cases: readonly CohortCase[]): Rate {
  const counts = { present: 0, absent: 0, notAssessable: 0, notAnswered: 0 };
  for (const group of groupBy(cases, ({ procedureId }) => procedureId).values()) {
    if (group.some(({ technicalSuccess: value }) => value === "no")) counts.absent++;
    else if (group.every(({ technicalSuccess: value }) => value === "yes")) counts.present++;
    else counts.notAnswered++;
  }
  const definitions = [...new Set(cases.map((one) => one.technicalSuccessDefinition))].filter(
    (name) => name !== "",
  );
  const label = text("Technical success", "技术成功");
  const note = text(
    `Definition: ${definitions.join(", ") || "not stated"}`,
    `定义：${definitions.join("、") || "未注明"}`,
  );
  return rateOf({ id: "technical-success", label, note }, "procedure", counts);
}
