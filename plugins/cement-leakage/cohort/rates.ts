// Rates with their unit and denominator, never mixed: per patient, procedure, lesion, needle and leak event (DOMAIN §1.1, §7).
import { isLocalSite, SITE_IDS, type LocalText, type SiteId } from "../model/sites.ts";
import type { CohortCase, LeakEvent, Presence } from "./case-record.ts";
import { clusterInterval } from "./cluster-bootstrap.ts";
import { type Interval, proportion, type Proportion } from "./proportions.ts";
import {
  ANY_LEAK,
  APART,
  caseAnswer,
  everySite,
  joinAnswers,
  lesionAnswer,
  MISSION_PLACES,
  type Question,
} from "./questions.ts";

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
  /** Documents behind the count, and behind the denominator without it. */
  readonly withIt: readonly string[];
  readonly without: readonly string[];
}

interface Answered {
  readonly answer: Presence;
  readonly documents: readonly string[];
  /** Patient, for clusters. */
  readonly cluster: string;
}

function rateOf(
  question: Pick<Question, "id" | "label" | "note">,
  unit: Unit,
  answers: readonly Answered[],
): Rate {
  const those = (answer: Presence) => answers.filter((one) => one.answer === answer);
  const [present, absent] = [those("present"), those("absent")];
  const documentsOf = (some: readonly Answered[]) => [...new Set(some.flatMap(({ documents }) => documents))];
  return {
    id: question.id,
    label: question.label,
    ...(question.note ? { note: question.note } : {}),
    unit,
    proportion: proportion(present.length, present.length + absent.length),
    notAssessable: those("not assessable").length,
    notAnswered: those("not answered").length,
    ...(unit === "lesion" ? { clustered: clusterInterval(clustersOf([...present, ...absent])) } : {}),
    withIt: documentsOf(present),
    without: documentsOf(absent),
  };
}

function clustersOf(answers: readonly Answered[]) {
  const clusters = new Map<string, { count: number; of: number }>();
  for (const { answer, cluster } of answers) {
    const one = clusters.get(cluster) ?? { count: 0, of: 0 };
    one.of++;
    if (answer === "present") one.count++;
    clusters.set(cluster, one);
  }
  return [...clusters.values()];
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
export function askAll(
  cases: readonly CohortCase[],
  question: Question,
  unit: "patient" | "procedure" | "lesion",
): Rate {
  if (unit === "lesion") {
    const answers = cases.flatMap((one) =>
      one.lesions.flatMap((lesion): Answered[] => {
        const answer = lesionAnswer(question, one, lesion);
        return answer ? [{ answer, documents: [one.documentId], cluster: one.patient }] : [];
      }),
    );
    return rateOf(question, unit, answers);
  }
  const groups = groupBy(cases, (one) => (unit === "patient" ? one.patient : one.procedureId));
  const answers = [...groups.values()].flatMap((group): Answered[] => {
    const answer = joinAnswers(group.map((one) => caseAnswer(question, one)));
    return answer
      ? [{ answer, documents: group.map(({ documentId }) => documentId), cluster: group[0].patient }]
      : [];
  });
  return rateOf(question, unit, answers);
}

const OWN_SITES: ReadonlySet<string> = new Set(SITE_IDS);
const isSite = (id: string): id is SiteId => OWN_SITES.has(id) || isLocalSite(id);

/** Sites that any case has or was asked for, in the order in which they first occur in the cases. */
function sitesAsked(cases: readonly CohortCase[]): readonly SiteId[] {
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

export function rateTables(cases: readonly CohortCase[]): RateTables {
  const main = [ANY_LEAK, ...MISSION_PLACES, ...APART];
  const ask = (unit: "patient" | "procedure" | "lesion") => (question: Question) =>
    askAll(cases, question, unit);
  return {
    main: main.map(ask("patient")),
    sites: everySite(sitesAsked(cases)).map(ask("patient")),
    perProcedure: main.map(ask("procedure")),
    perLesion: main.map(ask("lesion")),
    ofLeaks: ofLeaks(cases),
    technicalSuccess: technicalSuccess(cases),
    needles: {
      needles: cases.flatMap(({ lesions }) => lesions).reduce((sum, { needles }) => sum + needles, 0),
      events: cases
        .flatMap(({ events }) => events)
        .filter((event) => event.category === "puncture_path" && event.apart === null).length,
    },
  };
}

/** Whoever has none of the values a property may have is not in its denominator. */
function ofLeaks(cases: readonly CohortCase[]): Rate[] {
  const all = cases.flatMap((one) =>
    one.events.filter(({ apart }) => apart === null).map((event) => ({ event, one })),
  );
  const lines: Rate[] = [];
  const split = (name: string, valueOf: (event: LeakEvent) => string | null, labels: Labels): void => {
    const known = all.filter(({ event }) => valueOf(event) !== null);
    const unknown = all.length - known.length;
    const values = Object.keys(labels).filter((value) => known.some(({ event }) => valueOf(event) === value));
    for (const value of values) {
      const answers = known.map(({ event, one }): Answered => ({
        answer: valueOf(event) === value ? "present" : "absent",
        documents: [one.documentId],
        cluster: one.patient,
      }));
      const rate = rateOf({ id: `${name}:${value}`, label: labels[value] }, "leak", answers);
      lines.push({ ...rate, notAnswered: unknown });
    }
  };
  split("place", ({ category }) => category, CATEGORY_LABELS);
  split("route", ({ route }) => (route === "unknown" ? null : route), ROUTE_LABELS);
  split("extent", ({ extentGrade }) => (extentGrade === null ? null : String(extentGrade)), EXTENT_LABELS);
  split("symptom", ({ symptom }) => (symptom === "not_assessed" ? null : symptom), SYMPTOM_LABELS);
  split("confidence", ({ confidence }) => confidence, CONFIDENCE_LABELS);
  for (const type of ["B", "S", "C", "D"]) {
    const typed = all.filter(({ event }) => event.yeomTypes.length > 0);
    if (typed.length === 0) continue;
    const answers = typed.map(({ event, one }): Answered => ({
      answer: event.yeomTypes.includes(type) ? "present" : "absent",
      documents: [one.documentId],
      cluster: one.patient,
    }));
    lines.push(
      rateOf(
        { id: `yeom:${type}`, label: { en: `Yeom type ${type}`, zh: `Yeom ${type} 型` } },
        "leak",
        answers,
      ),
    );
  }
  return lines;
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
  const answers = [...groupBy(cases, ({ procedureId }) => procedureId).values()].map((group): Answered => ({
    answer: group.some(({ technicalSuccess: value }) => value === "no")
      ? "absent"
      : group.every(({ technicalSuccess: value }) => value === "yes")
        ? "present"
        : "not answered",
    documents: group.map(({ documentId }) => documentId),
    cluster: group[0].patient,
  }));
  const definitions = [...new Set(cases.map((one) => one.technicalSuccessDefinition))].filter(
    (name) => name !== "",
  );
  return rateOf(
    {
      id: "technical-success",
      label: text("Technical success", "技术成功"),
      note: text(
        `Definition: ${definitions.join(", ") || "not stated"}`,
        `定义：${definitions.join("、") || "未注明"}`,
      ),
    },
    "procedure",
    answers,
  );
}
