// The bridge between the contract's `(element) => dispose` and React.
import { MantineProvider } from "@mantine/core";
import { createRoot } from "react-dom/client";
import { VerbsContext, useReadable, useVerbs, type Verbs } from "./case-view.ts";
import { Panel } from "./panel.tsx";

export function mountPanel(element: HTMLElement, verbs: Verbs): () => void {
  const root = createRoot(element);
  root.render(
    <VerbsContext value={verbs}>
      <Themed />
    </VerbsContext>,
  );
  // React refuses to unmount while it renders (the host may be in the middle of that).
  return () => void setTimeout(() => root.unmount());
}

function Themed() {
  const appearance = useReadable(useVerbs().reading.host.appearance);
  return (
    <MantineProvider forceColorScheme={appearance} deduplicateCssVariables={false}>
      <Panel />
    </MantineProvider>
  );
}
