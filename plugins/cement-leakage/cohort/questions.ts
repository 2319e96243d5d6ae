// What a cohort is asked of each case: any leak, each place, what it did to the patient; and how a case answers.
import type { LocalText } from "../model/sites.ts";
import { siteOf, sitesFor, type Bone, type Site, type SiteId } from "../model/sites.ts";
import type { CohortCase, CohortLesion, LeakEvent, Presence } from "./case-record.ts";

export interface Question {
  readonly id: string;
  readonly label: LocalText;
  /** Why it is counted as it is; shown with the table. */
  readonly note?: LocalText;
  /** An event that answers yes. */
  readonly event: (event: LeakEvent) => boolean;
  /** Places that must all be "absent" for a no; null: whatever the lesion's checklist asks. */
  readonly sites: readonly SiteId[] | null;
}

const here = ({ apart }: LeakEvent): boolean => apart === null;

const text = (en: string, zh: string): LocalText => ({ en, zh });

export const ANY_LEAK: Question = {
  id: "any-leak",
  label: text("Any leak", "任何渗漏"),
  note: text(
    "Tails under 5 mm beyond the entry hole and cement in lung or heart stand in lines of their own",
    "入骨孔外不足 5 mm 的尾迹以及肺、心内骨水泥另列",
  ),
  event: here,
  sites: null,
};

const category = (id: LeakEvent["category"], site: SiteId): Question => ({
  id: `category:${id}`,
  label: siteOf(site).name,
  event: (event) => here(event) && event.category === id,
  sites: [site],
});

/** The four places of the 2020 series; the category follows from site and route (DOMAIN §1.2). */
export const MISSION_PLACES: readonly Question[] = [
  category("sacral_venous_plexus", "sacral_venous_plexus"),
  category("puncture_path", "puncture_path"),
  category("anterior_epidural_space", "anterior_epidural_space"),
  category("anterior_sacral_space", "anterior_sacral_space"),
];

const NEAR_NERVES: readonly SiteId[] = [
  "anterior_epidural_space",
  "sacral_canal_other",
  "anterior_sacral_foramen",
  "posterior_sacral_foramen",
  "spinal_epidural_space",
  "intervertebral_foramen",
];

export const APART: readonly Question[] = [
  {
    id: "near-nerves",
    label: text("Canal, foramen or L5 root", "椎管、椎间孔或 L5 神经根"),
    event: (event) =>
      here(event) && (event.sites.some((site) => NEAR_NERVES.includes(site)) || event.roots.includes("L5")),
    sites: NEAR_NERVES,
  },
  {
    id: "tail",
    label: text("Tail under 5 mm at the entry hole", "入骨孔处不足 5 mm 的尾迹"),
    event: ({ apart }) => apart === "tail",
    sites: ["puncture_path", "vertebral_puncture_path"],
  },
  {
    id: "distant",
    label: text("Cement in lung or heart", "肺或心内骨水泥"),
    event: ({ apart }) => apart === "distant",
    sites: ["pulmonary_cement_embolism", "cardiac"],
  },
];

const siteQuestions = new Map<SiteId, Question>();

/** Whether cement lies in one place, as any part of an event; the same question each time, so that its answers are kept. */
export function siteQuestion(site: SiteId): Question {
  const known = siteQuestions.get(site) ?? {
    id: `site:${site}`,
    label: siteOf(site).name,
    event: (event: LeakEvent) => event.sites.includes(site),
    sites: [site],
  };
  siteQuestions.set(site, known);
  return known;
}

/** How one lesion answers. */
export function lesionAnswer(question: Question, of: CohortCase, lesion: CohortLesion): Presence | null {
  const events = of.events.filter(({ lesionId }) => lesionId === lesion.lesionId);
  return answered(question, events, [lesion]);
}

/** How a case answers: present where any event does; null where none of its lesions is asked. */
export const caseAnswer = (question: Question, of: CohortCase): Presence | null =>
  answered(question, of.events, of.lesions);

function answered(
  question: Question,
  events: readonly LeakEvent[],
  lesions: readonly CohortLesion[],
): Presence | null {
  if (events.some(question.event)) return "present";
  let found: Presence | null = null;
  for (const lesion of lesions)
    for (const { id, onChecklist } of sitesAsked(question, lesion.bone)) {
      const answer = lesion.answers[id];
      // Sites that are not on the checklist count only where somebody answered for them.
      if (answer === undefined && !onChecklist) continue;
      // A "present" whose event counts elsewhere (a tail, another category) is no yes to this question, and no gap either.
      const told: Presence = answer === "present" ? "absent" : (answer ?? "not answered");
      found = found === null ? told : worst([found, told]);
    }
  return found;
}

/** Per question and bone: asked a million times of a large cohort. A department's own sites are set before any of it. */
const asked = new WeakMap<Question, Map<string, readonly Site[]>>();

function sitesAsked(question: Question, bone: Bone): readonly Site[] {
  const known = asked.get(question) ?? new Map<string, readonly Site[]>();
  asked.set(question, known);
  const sites =
    known.get(bone) ??
    sitesFor(bone).filter(({ id, onChecklist, distant }) =>
      question.sites === null ? onChecklist && !distant : question.sites.includes(id),
    );
  known.set(bone, sites);
  return sites;
}

const ORDER: readonly Presence[] = ["present", "not answered", "not assessable", "absent"];
const worst = (answers: readonly Presence[]): Presence =>
  ORDER.find((answer) => answers.includes(answer)) ?? "not answered";

/** A patient: present where any case is, absent where every case is. */
export const joinAnswers = (answers: readonly (Presence | null)[]): Presence | null => {
  const given = answers.filter((answer) => answer !== null);
  return given.length === 0 ? null : worst(given);
};
