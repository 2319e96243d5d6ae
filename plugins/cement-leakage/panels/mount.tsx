// The bridge between the contract's `(element) => dispose` and React: the panel of a case.
import { VerbsContext, type Verbs } from "./case-view.ts";
import { countEffort } from "./effort.ts";
import { Panel } from "./panel.tsx";
import { mountThemed } from "./themed-root.tsx";

export function mountPanel(
  element: HTMLElement,
  failed: (error: unknown) => void,
  verbs: Omit<Verbs, "effort">,
): () => void {
  const counter = countEffort(verbs.reading, element.ownerDocument);
  const unmount = mountThemed(
    element,
    failed,
    verbs.reading.host.appearance,
    <VerbsContext value={{ ...verbs, effort: counter.effort }}>
      <Panel />
    </VerbsContext>,
  );
  return () => {
    counter.dispose();
    unmount();
  };
}
