// What a clinician has to hear today: it stands first, in red, with whom it was told to (DOMAIN §1.6, §1.8).
// A distance to an estimated nerve course warns; the program never says that there is no contact.
import type { LeakFacts } from "./contradictions.ts";
import type { FindingsLeak } from "./findings.ts";
import { isInCanal, siteOf, type LocalText, type SiteId } from "./sites.ts";

export type UrgentKind = "canal" | "nerve" | "foramen" | "l5_course" | "large_vein" | "heart_or_lung";

export interface Urgency {
  readonly kind: UrgentKind;
  readonly text: LocalText;
}

type UrgentFacts = LeakFacts & Pick<FindingsLeak, "geometry">;

const CENTRAL_VEINS: readonly SiteId[] = ["iliac_vein", "azygos_or_ivc"];
const HEART_OR_LUNG: readonly SiteId[] = ["cardiac", "pulmonary_cement_embolism"];
const FORAMINA: readonly SiteId[] = [
  "anterior_sacral_foramen",
  "posterior_sacral_foramen",
  "intervertebral_foramen",
];
/** The canal's depth taken from here on counts as compromised. */
const NARROWED_PCT = 25;
/** mm between voxel surfaces that a CT can't tell from contact. */
const TOUCHING_MM = 1;
/** The courses of L5 and the trunk are known to about 10 mm: as near as this to the estimate, the reader has to look. */
const NEAR_COURSE_MM = 5;

/** Why this leak is urgent, gravest first; empty where it isn't. */
export function urgenciesOf(leak: UrgentFacts): Urgency[] {
  const { site, geometry } = leak;
  const name = site ? siteOf(site).name : null;
  const found: Urgency[] = [];
  const say = (kind: UrgentKind, en: string, zh: string): void => void found.push({ kind, text: { en, zh } });
  if (site && name && HEART_OR_LUNG.includes(site))
    say("heart_or_lung", `cement in heart or lung (${name.en.toLowerCase()})`, `心肺内骨水泥（${name.zh}）`);
  if (site && name && CENTRAL_VEINS.includes(site))
    say("large_vein", `cement in a large vein (${name.en.toLowerCase()})`, `大静脉内骨水泥（${name.zh}）`);
  const narrowed = geometry?.canalNarrowingPct ?? 0;
  if (leak.canalOccupancy === "25to50" || leak.canalOccupancy === "gt50")
    say(
      "canal",
      `canal compromised: ${leak.canalOccupancy === "gt50" ? "more than 50 %" : "25 to 50 %"} of its depth`,
      `椎管受累：前后径${leak.canalOccupancy === "gt50" ? "超过 50 %" : "的 25–50 %"}`,
    );
  else if (leak.canalOccupancy === undefined && narrowed >= NARROWED_PCT)
    say(
      "canal",
      `canal narrowed by ${Math.round(narrowed)} % as measured`,
      `测得椎管狭窄 ${Math.round(narrowed)} %`,
    );
  else if (leak.canalOccupancy === undefined && site && isInCanal(site))
    say("canal", "in the spinal canal; how much of it is taken is not stated", "位于椎管内；占据程度未注明");
  const roots = leak.roots?.length ? ` (${leak.roots.join(", ")})` : "";
  if (leak.neuralRelation === "compression")
    say("nerve", `nerve displaced or compressed${roots}`, `神经受压或移位${roots}`);
  else if (leak.neuralRelation === "contact") say("nerve", `touches a nerve${roots}`, `接触神经${roots}`);
  else if (leak.neuralRelation === undefined) {
    const toForamen = geometry?.toForamenMm;
    if (site && name && FORAMINA.includes(site))
      say("foramen", `lies in a foramen (${name.en.toLowerCase()})`, `位于神经孔内（${name.zh}）`);
    else if (toForamen !== undefined && toForamen <= TOUCHING_MM)
      say(
        "foramen",
        `reaches a foramen (${toForamen.toFixed(1)} mm)`,
        `达神经孔（${toForamen.toFixed(1)} mm）`,
      );
    const courses = [
      { mm: geometry?.toL5RootEstimatedMm, en: "L5", zh: "L5 神经根" },
      { mm: geometry?.toLumbosacralTrunkEstimatedMm, en: "lumbosacral trunk", zh: "腰骶干" },
    ].flatMap(({ mm, en, zh }) => (mm !== undefined && mm <= NEAR_COURSE_MM ? [{ mm, en, zh }] : []));
    if (courses.length > 0)
      say(
        "l5_course",
        `estimated course of ${courses.map(({ mm, en }) => `${en} ${mm.toFixed(1)} mm`).join(", ")} away`,
        `距估计走行：${courses.map(({ mm, zh }) => `${zh} ${mm.toFixed(1)} mm`).join("，")}`,
      );
  }
  return found;
}
