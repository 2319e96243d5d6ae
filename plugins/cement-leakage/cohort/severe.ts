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
  readonly documents: readonly string[];
}

const text = (en: string, zh: string): LocalText => ({ en, zh });

export function severeLines(
  cases: readonly CohortCase[],
  outcomes: ReadonlyMap<string, PatientOutcome>,
): readonly SevereLine[] {
  const patients = [...groupBy(cases, ({ patient }) => patient)];
  const line = (
    id: string,
    label: LocalText,
    answer: (group: readonly CohortCase[], patient: string) => Presence,
  ): SevereLine => {
    const answers = patients.map(([patient, group]) => ({ answer: answer(group, patient), group }));
    const count = (wanted: Presence) => answers.filter((one) => one.answer === wanted).length;
    return {
      id,
      label,
      proportion: proportion(count("present"), count("present") + count("absent")),
      unknown: patients.length - count("present") - count("absent"),
      documents: answers
        .filter((one) => one.answer === "present")
        .flatMap(({ group }) => group.map(({ documentId }) => documentId)),
    };
  };
  const complicationOf = (group: readonly CohortCase[], types: readonly string[]): boolean =>
    group.some(({ complications }) => complications.some(({ type }) => types.includes(type)));
  const told = (value: boolean | undefined): Presence =>
    value === undefined ? "not answered" : value ? "present" : "absent";
  /** Present by event or complication; absent when every leak was asked about; else nobody knows. */
  const bySymptom = (
    group: readonly CohortCase[],
    symptoms: readonly string[],
    types: readonly string[],
  ): Presence => {
    const events = group.flatMap((one) => one.events);
    if (complicationOf(group, types) || events.some(({ symptom }) => symptoms.includes(symptom)))
      return "present";
    return events.some(({ symptom }) => symptom === "not_assessed") ? "not answered" : "absent";
  };
  return [
    line("symptomatic", text("Symptomatic leak", "症状性渗漏"), (group) =>
      bySymptom(
        group,
        ["radicular", "deficit", "sphincter", "dyspnea", "other"],
        ["cement_leak_symptomatic"],
      ),
    ),
    line("deficit", text("New neurological deficit", "新发神经功能缺损"), (group) =>
      bySymptom(group, ["deficit", "sphincter"], ["nerve_root_injury", "cauda_equina"]),
    ),
    line("pulmonary", text("Pulmonary cement embolism", "肺骨水泥栓塞"), (group) => {
      if (complicationOf(group, ["pulmonary_embolism"])) return "present";
      const events = group.flatMap((one) => one.events);
      if (events.some(({ sites }) => sites.includes("pulmonary_cement_embolism"))) return "present";
      // A CT of the pelvis does not show the lungs.
      const answers = group.flatMap(({ lesions }) =>
        lesions.map((lesion) => lesion.answers.pulmonary_cement_embolism),
      );
      return answers.length > 0 && answers.every((answer) => answer === "absent")
        ? "absent"
        : "not assessable";
    }),
    line("reintervention", text("Reintervention", "再次干预"), (_, patient) =>
      told(outcomes.get(patient)?.reintervention),
    ),
    line("event-30-days", text("Any event within 30 days", "30 天内任何事件"), (_, patient) =>
      told(outcomes.get(patient)?.eventIn30Days),
    ),
  ];
}
