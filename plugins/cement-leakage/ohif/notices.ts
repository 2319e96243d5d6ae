// What the reader is told goes where OHIF tells things; errors stay in the panel too, until they are closed there.
import { derived } from "#core/readable";
import type { App } from "#host/app";
import type { OhifServices } from "./ohif-types.ts";
import { wordsIn } from "./words.ts";

const SHOWN_MS = 6000;
/** Our panel is at the right: a notice must not lie over its buttons. */
const position = "bottom-center";

export function tellInOhif(app: App, notifications: OhifServices["uiNotificationService"]): () => void {
  const told = new Set<number>();
  return derived(app.state, (state) => state.notices).subscribe((notices) => {
    for (const { id, severity, text } of notices) {
      if (told.has(id)) continue;
      told.add(id);
      const { title } = wordsIn(app.state.get().locale);
      notifications.show({ title, message: text, type: severity, duration: SHOWN_MS, position });
      if (severity !== "error") setTimeout(() => app.store.dismiss(id));
    }
  });
}
