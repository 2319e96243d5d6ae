// What the page remembers between visits beside cases: language, theme, reader. Kept in this browser only.
import { z } from "zod";
import type { App } from "./app.ts";
import type { AppState } from "./app-state.ts";
import type { KeyMap } from "./key-map.ts";
import type { DeploymentSettings } from "./contract.ts";
import type { Deployment } from "./deployment.ts";

const KEY = "preferences";

const storedSchema = z.object({
  locale: z.enum(["en", "zh"]).optional(),
  appearance: z.enum(["dark", "light"]).optional(),
  readerName: z.string().optional(),
  readerRole: z.string().optional(),
  keyMap: z.record(z.string(), z.string()).optional(),
  habits: z.record(z.string(), z.json()).optional(),
});

export interface Preferences {
  readonly locale: AppState["locale"];
  readonly appearance: AppState["appearance"];
  readonly settings: DeploymentSettings;
  readonly keyMap: KeyMap;
  /** What each plugin keeps beside all cases, by plugin id. */
  readonly habits: Readonly<Record<string, unknown>>;
}

/** What this browser's reader chose, else what the installation set, else the program's own. */
export function loadPreferences(
  storage: Pick<Storage, "getItem">,
  browserLanguage: string,
  deployment: Deployment = {},
): Preferences {
  let stored: z.infer<typeof storedSchema> = {};
  try {
    stored = storedSchema.parse(JSON.parse(storage.getItem(KEY) ?? "{}"));
  } catch {
    // Unreadable preferences are forgotten: they hold nothing that can't be set again.
  }
  return {
    locale:
      stored.locale ?? deployment.language ?? (browserLanguage.toLowerCase().startsWith("zh") ? "zh" : "en"),
    appearance: stored.appearance ?? deployment.theme ?? "dark",
    keyMap: stored.keyMap ?? {},
    habits: stored.habits ?? {},
    settings: {
      uidRoot: deployment.uidRoot ?? "2.25",
      equipment: {
        manufacturer: deployment.manufacturer ?? "Cement Leakage Viewer project",
        manufacturerModelName: deployment.manufacturerModelName ?? "Cement Leakage Viewer",
        deviceSerialNumber: deployment.deviceSerialNumber ?? "0",
        softwareVersions: "0.1.0",
      },
      readerName: stored.readerName ?? "",
      readerRole: stored.readerRole ?? deployment.readerRole ?? "radiologist",
      ...(deployment.segmentation ? { segmentationForm: deployment.segmentation } : {}),
    },
  };
}

/** Keeps them up to date; returns the stop. */
export function savePreferences(app: App, storage: Pick<Storage, "setItem">): () => void {
  let kept = "";
  return app.state.subscribe(
    ({ locale, appearance, keyMap, habits, settings: { readerName, readerRole } }) => {
      const now = JSON.stringify({ locale, appearance, readerName, readerRole, keyMap, habits });
      if (now === kept) return;
      kept = now;
      try {
        storage.setItem(KEY, now);
      } catch {
        // A full or forbidden storage costs what can be set again; the journal says that nothing is saved.
      }
    },
  );
}
