// What a quality board asks first: symptomatic leaks, new deficits, cement in the lung, reintervention, events within 30 days.
import type { LocalText } from "../model/sites.ts";
import type { CohortCase, Presence } from "./case-record.ts";
import type { PatientOutcome } from "./outcomes.ts";
import { type Proportion, proportion } from "./proportions.ts";
import { groupBy } from "./rates.ts";

export interface SevereLine {
  readonly id: string;
  readonly label: LocalText;
  /** Of patients whose answer is known. */
  readonly proportion: Proportion;
  readonly unknown: number;
}

type Answer = (group: readonly CohortCase[], patient: string) => Presence;

const text = (en: string, zh: string): LocalText => ({ en, zh });

const told = (value: boolean | undefined): Presence =>
  value === undefined ? "not answered" : value ? "present" : "absent";

const hasComplication = (group: readonly CohortCase[], types: readonly string[]): boolean =>
  group.some(({ complications }) => complications.some(({ type }) => types.includes(type)));

/** Present by event or complication; absent when every leak was asked about; else nobody knows. */
function bySymptom(
  group: readonly CohortCase[],
  symptoms: readonly string[],
  types: readonly string[],
): Presence {
  if (hasComplication(group, types)) return "present";
  let open = false;
  for (const { events } of group)
    for (const { symptom } of events) {
      if (symptoms.includes(symptom)) return "present";
      open ||= symptom === "not_assessed";
    }
  return open ? "not answered" : "absent";
}

/** A CT of the pelvis does not show the lungs. */
function byLungs(group: readonly CohortCase[]): Presence {
  if (hasComplication(group, ["pulmonary_embolism"])) return "present";
  const sees = (one: CohortCase) =>
    one.events.some(({ sites }) => sites.includes("pulmonary_cement_embolism"));
  if (group.some(sees)) return "present";
  const lesions = group.flatMap((one) => one.lesions);
  const clear = lesions.every(({ answers }) => answers.pulmonary_cement_embolism === "absent");
  return lesions.length > 0 && clear ? "absent" : "not assessable";
}

const LINES = (
  outcomes: ReadonlyMap<string, PatientOutcome>,
): readonly (Pick<SevereLine, "id" | "label"> & { readonly answer: Answer })[] => [
  {
    id: "symptomatic",
    label: text("Symptomatic leak", "症状性渗漏"),
    answer: (group) =>
      bySymptom(
        group,
        ["radicular", "deficit", "sphincter", "dyspnea", "other"],
        ["cement_leak_symptomatic"],
      ),
  },
  {
    id: "deficit",
    label: text("New neurological deficit", "新发神经功能缺损"),
    answer: (group) => bySymptom(group, ["deficit", "sphincter"], ["nerve_root_injury", "cauda_equina"]),
  },
  { id: "pulmonary", label: text("Pulmonary cement embolism", "肺骨水泥栓塞"), answer: byLungs },
  {
    id: "reintervention",
    label: text("Reintervention", "再次干预"),
    answer: (_, patient) => told(outcomes.get(patient)?.reintervention),
  },
  {
    id: "event-30-days",
    label: text("Any event within 30 days", "30 天内任何事件"),
    answer: (_, patient) => told(outcomes.get(patient)?.eventIn30Days),
  },
];

type Outcomes = ReadonlyMap<string, PatientOutcome>;

export function severeLines(cases: readonly CohortCase[], outcomes: Outcomes): readonly SevereLine[] {
  const patients = [...groupBy(cases, ({ patient }) => patient)];
  return LINES(outcomes).map(({ id, label, answer }): SevereLine => {
    let [present, absent] = [0, 0];
    for (const [patient, group] of patients) {
      const found = answer(group, patient);
      if (found === "present") present++;
      else if (found === "absent") absent++;
    }
    return {
      id,
      label,
      proportion: proportion(present, present + absent),
      unknown: patients.length - present - absent,
    };
  });
}

/** Documents of the patients behind a line. */
export function severeDocuments(
  cases: readonly CohortCase[],
  outcomes: Outcomes,
  id: string,
): ReadonlySet<string> {
  const line = LINES(outcomes).find((one) => one.id === id);
  const groups = line ? [...groupBy(cases, ({ patient }) => patient)] : [];
  return new Set(
    groups
      .filter(([patient, group]) => line?.answer(group, patient) === "present")
      .flatMap(([, group]) => group.map(({ documentId }) => documentId)),
  );
}
