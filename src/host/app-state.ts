// Everything the screen shows, as data. What can be computed from it is not stored in it.
import type { Locale, Problem } from "#core/problem";
import type { StorageRoom, StoredCase } from "./journal.ts";
import type {
  DeploymentSettings,
  FileWithPath,
  ImportedObject,
  LocalText,
  MaskSet,
  ObliquePlanes,
  PriorPlacement,
  ProposedPlanes,
  Scene,
} from "./contract.ts";
import type { Coming } from "./coming-port.ts";
import type { EditHistory } from "./edit-history.ts";
import type { KeyMap } from "./key-map.ts";
import type { Layout } from "./layouts.ts";
import type { PageAddress } from "./pages.ts";
import type { ViewId } from "./viewport-port.ts";
import type { LoadedSeries, Progress, ReadOutcome } from "./worker-protocol.ts";

export type Screen = "start" | "case" | "page";

export interface Notice {
  readonly id: number;
  readonly severity: "info" | "success" | "warning" | "error";
  readonly text: string;
}

/** A reading or loading that is under way. */
export interface Opening {
  readonly what: "files" | "series" | "prior" | "second" | "archive";
  readonly progress: Progress;
  /** From the first slice on, where they can be looked through. */
  readonly coming?: Coming;
}

export interface AppState {
  readonly screen: Screen;
  /** The plugin's page that is shown, or that the open case was opened from. */
  readonly page: PageAddress | null;
  /** Files that the page was opened with, until it takes them. */
  readonly givenToPage: readonly FileWithPath[];
  readonly locale: Locale;
  readonly appearance: "dark" | "light";
  readonly settings: DeploymentSettings;
  readonly keyMap: KeyMap;
  /** What each plugin keeps beside all cases. */
  readonly habits: Readonly<Record<string, unknown>>;
  readonly opening: Opening | null;
  /** The plugins' code is there. */
  readonly pluginsReady: boolean;
  /** What the last set of files held; the series list is shown while `choosing`. */
  readonly read: ReadOutcome | null;
  readonly choosing: "main" | "prior" | null;
  readonly scene: Scene;
  readonly prior: LoadedSeries | null;
  /** How the earlier CT lies over the case where the reader looks; null until that is known. */
  readonly priorPlacement: PriorPlacement | null;
  /** It is being laid over the case. */
  readonly placingPrior: boolean;
  /** Another reconstruction of the same scan, once it was asked for. */
  readonly second: LoadedSeries | null;
  readonly layout: Layout;
  /** Planes that a plugin turns in the arrangement of all views, once it knows the patient's axes. */
  readonly overview: ObliquePlanes;
  /** What the oblique layout on the screen was proposed with; null where it leans as usual. Turned by hand, planes are others. */
  readonly proposed: ProposedPlanes | null;
  /** The view that fills the place of all. */
  readonly large: ViewId | null;
  readonly masks: MaskSet;
  /** One JSON document per plugin id. */
  readonly documents: Readonly<Record<string, unknown>>;
  readonly history: EditHistory;
  readonly saving: "saved" | "saving" | "failed";
  readonly savedCases: readonly StoredCase[];
  readonly storageRoom: StorageRoom | null;
  /** Findings files that came with a CT whose saved work was restored instead; the reader chooses. */
  readonly waitingObjects: readonly ImportedObject[];
  readonly activeTool: string | null;
  readonly brushRadiusMm: number;
  readonly overlaysVisible: boolean;
  /** The list of keys lies over the case. */
  readonly keysShown: boolean;
  readonly notices: readonly Notice[];
  /** Problems of the open case (stacking, decoding), for the badge beside the series. */
  readonly problems: readonly Problem[];
}

export const emptyScene: Scene = { series: null, volume: null };

export function initialState(options: {
  locale: Locale;
  appearance: "dark" | "light";
  settings: DeploymentSettings;
  keyMap: KeyMap;
  habits: Readonly<Record<string, unknown>>;
}): AppState {
  return {
    screen: "start",
    page: null,
    givenToPage: [],
    ...options,
    opening: null,
    pluginsReady: false,
    read: null,
    choosing: null,
    scene: emptyScene,
    prior: null,
    priorPlacement: null,
    placingPrior: false,
    second: null,
    layout: "four",
    overview: {},
    proposed: null,
    large: null,
    masks: new Map(),
    documents: {},
    history: { done: [], undone: [] },
    saving: "saved",
    savedCases: [],
    storageRoom: null,
    waitingObjects: [],
    activeTool: null,
    brushRadiusMm: 3,
    overlaysVisible: true,
    keysShown: false,
    notices: [],
    problems: [],
  };
}

export const inLocale = (text: LocalText, locale: Locale): string => text[locale];
