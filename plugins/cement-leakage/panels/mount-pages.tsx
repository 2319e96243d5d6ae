// The bridge between the contract's `(element) => dispose` and React: the plugin's pages.
import type { Host, PanelImplementation } from "#contract";
import { CohortPage } from "./cohort/cohort-page.tsx";
import { nothingGiven, type GivenCohort } from "./cohort/cohort-view.ts";
import { mountThemed } from "./themed-root.tsx";

/** What was given to the page outlives it: a case that it opened leads back to the same cohort. */
export function cohortPage(host: Host): PanelImplementation {
  let given: GivenCohort = nothingGiven;
  const desk = {
    host,
    given: {
      get: () => given,
      set(next: GivenCohort) {
        given = next;
      },
    },
  };
  return (element, failed) => mountThemed(element, failed, host.appearance, <CohortPage desk={desk} />);
}
