// The contract between plugins and whatever hosts them: our own app, a test's fake host, or OHIF through an adapter.
// It names no rendering library and no UI framework. Types only: a plugin imports nothing that runs from here.
import type { JobTable } from "#core/job";
import type { Locale, Problem, Result } from "#core/problem";
import type { Readable } from "#core/readable";
import type { Equipment, SegmentationForm } from "#core/segmentation-document";
import type { Rigid } from "#core/rigid";
import type { Vec3 } from "#core/space";
import type { SeriesContext } from "#core/study";
import type { CtVolume } from "#core/volume";
import type { ObjectToStore, StoreOutcome } from "#dicom/dicomweb/archive-types";
import type { RunMask } from "#voxels/mask";
import type { DicomHost } from "./contract-dicom.ts";
import type { LocalText, PluginManifest } from "./contract-manifest.ts";
import type { PageHost, TaskTable } from "./contract-page.ts";

export type { Readable } from "#core/readable";

export type {
  CommandDeclaration,
  ExporterDeclaration,
  Gesture,
  ImporterDeclaration,
  LocalText,
  PageDeclaration,
  PanelDeclaration,
  PluginManifest,
  ToolDeclaration,
} from "./contract-manifest.ts";
export type {
  FileWithPath,
  FolderContents,
  PageHost,
  Task,
  TaskContext,
  TaskTable,
} from "./contract-page.ts";

export type Dispose = () => void;

// --- Implementation: one entry for each declared id, checked by the compiler ----------------------------------------

export interface CommandImplementation {
  run(): void | Promise<void>;
  /** Why it can't be used now, in words for the screen; null when it can. */
  disabledReason?(): string | null;
}

export interface PointerSample {
  /** On the view's plane, patient mm. */
  readonly at: Vec3;
  /** Unit normal of the view's plane. */
  readonly normal: Vec3;
  /** Unit vector towards the right edge of the screen; without it any direction in the plane will do. */
  readonly right?: Vec3;
  /** mm: half the thickness shown (slab), at least half a slice. */
  readonly halfThicknessMm: number;
}

/** Receives one gesture; `finish` lands it in one undo step, `cancel` leaves no trace. Previews go through `overlays`. */
export interface ToolImplementation {
  begin(sample: PointerSample): void;
  move(samples: readonly PointerSample[]): void;
  /** Lands what is drawn so far, for a gesture that makes sense in parts: called every second or so while the pointer is down. */
  land?(): void;
  finish(): void;
  cancel(): void;
  disabledReason?(): string | null;
}

export interface ExportedFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export interface ExporterImplementation {
  run(): Promise<readonly ExportedFile[]>;
  disabledReason(): string | null;
}

export interface ImportedObject {
  readonly path: string;
  readonly kind: "SEG" | "RTSTRUCT" | "SR" | "JSON";
  readonly bytes: Uint8Array;
}

export interface ImporterImplementation {
  /** Objects that came with (or after) the CT, all at once, so that a SEG finds its JSON. */
  run(objects: readonly ImportedObject[]): Promise<Result<void>>;
}

/**
 * Fills the element. What goes wrong later, where the host can't catch it (another framework's drawing), goes to `failed`:
 * the host then takes the panel away and offers to load it again.
 */
export type PanelImplementation = (element: HTMLElement, failed: (error: unknown) => void) => Dispose;

type IdOf<T extends readonly { readonly id: string }[]> = T[number]["id"];

/** A step of the tour through a reading: what to do now, by which verbs, and whether it is done. */
export interface TourStep {
  readonly title: LocalText;
  readonly hint: LocalText;
  /** Ids of the verbs, the host's or this plugin's, that are offered with their keys. */
  readonly verbs: readonly string[];
  /** Asked anew whenever the case changes. */
  done(): boolean;
}

export interface PluginImplementation<M extends PluginManifest = PluginManifest> {
  readonly commands: Readonly<Record<IdOf<M["commands"]>, CommandImplementation>>;
  readonly tools: Readonly<Record<IdOf<M["tools"]>, ToolImplementation>>;
  readonly panels: Readonly<Record<IdOf<M["panels"]>, PanelImplementation>>;
  readonly pages: Readonly<Record<IdOf<M["pages"]>, PanelImplementation>>;
  readonly exporters: Readonly<Record<IdOf<M["exporters"]>, ExporterImplementation>>;
  readonly importers: Readonly<Record<IdOf<M["importers"]>, ImporterImplementation>>;
  /** A click on the image with no tool active (patient mm); true when the plugin took it. */
  readonly pick?: (at: Vec3) => boolean;
  /** Planes for an oblique layout of this case; null where the plugin has none to propose. */
  readonly planesFor?: (layout: ObliqueLayout) => Promise<ProposedPlanes | null>;
  /** Lays the earlier CT that is open beside the case over it, by what is the same in both; `focus` is where the reader looks. */
  readonly placePrior?: (focus: Vec3) => Promise<readonly PriorPlacement[]>;
  /** One line about the case for the list of saved cases: "4 leaks, 2 sites open". */
  readonly summary?: () => string;
  /** The reading step by step, for who sees it the first time. */
  readonly tour?: readonly TourStep[];
  readonly dispose?: Dispose;
}

export type Activate<M extends PluginManifest> = (host: Host) => PluginImplementation<M>;

export interface Plugin<M extends PluginManifest = PluginManifest> {
  readonly manifest: M;
  readonly activate: Activate<M>;
  /** Pure functions, registered in the worker; the same table runs in process on the command line. */
  readonly jobs: JobTable;
  /** Work in the worker that needs no open CT. */
  readonly tasks?: TaskTable;
}

/** A plugin that is one panel and nothing else; a host makes the whole plugin of it (`panelPlugin`). */
export interface PanelPlugin extends Pick<PluginManifest, "id" | "title" | "version" | "contract"> {
  readonly panel: (host: Host) => PanelImplementation;
}

// --- Host: capabilities, not managers ---------------------------------------------------------------------------------

export interface Scene {
  readonly series: SeriesContext | null;
  readonly volume: CtVolume | null;
}

/** Masks by id; the plugin chooses the ids. */
export type MaskSet = ReadonlyMap<string, RunMask>;

export interface EditDraft {
  mask(id: string): RunMask | null;
  /**
   * `changedSlices` [k0, k1): nothing outside them differs from the mask before, so that a brush stroke costs its own slices
   * and not the whole mask. A claim that is seen to be wrong is refused (RangeError).
   */
  setMask(id: string, mask: RunMask, changedSlices?: readonly [k0: number, k1: number]): void;
  deleteMask(id: string): void;
  readonly document: unknown;
  /** JSON data; kept by reference, never mutated. */
  setDocument(document: unknown): void;
}

export type Glyph = "circle" | "square" | "triangle" | "diamond" | "cross";

/** How a mask is drawn: derived from the plugin's document, never stored by the host. Later layers lie on top. */
export interface OverlayLayer {
  readonly id: string;
  readonly mask: RunMask;
  /** "#rrggbb" */
  readonly color: string;
  /** 0 to 1, of the fill; the outline is always opaque. */
  readonly fillOpacity: number;
  readonly outlineWidthPx: number;
  /** Drawn as a surface in 3D too. */
  readonly surface: boolean;
}

/** A numbered, shaped label in the images: colour is never the only sign. */
export interface Marker {
  readonly id: string;
  readonly at: Vec3;
  readonly text: string;
  readonly color: string;
  readonly glyph: Glyph;
  readonly emphasized: boolean;
}

export type Plane = "axial" | "sagittal" | "coronal";

/** Unit normals (patient) of planes turned away from the acquired ones: towards the feet, to posterior, to the patient's right. */
export type ObliquePlanes = Readonly<Partial<Record<Plane, Vec3>>>;

/** Along the sacrum and through S1; along a puncture path. */
export type ObliqueLayout = "sacral" | "track";

export interface ProposedPlanes {
  readonly planes: ObliquePlanes;
  /** Where to go; null leaves the focus. */
  readonly at: Vec3 | null;
  /** What they follow, for the screen: how the axis was found. */
  readonly says?: LocalText;
  /** The plane across the axis; the others lie along it. */
  readonly across?: Plane;
}

/** How an earlier CT lies over this one at a place. */
export interface PriorPlacement {
  /** Where it was matched, patient mm. */
  readonly at: Vec3;
  /** From this CT's patient space to the earlier one's; null where they could not be matched. */
  readonly toPrior: Rigid | null;
  /** Mean distance of the matched surfaces, mm; null where none was found. */
  readonly errorMm: number | null;
  /** Why it could not be matched. */
  readonly why: LocalText | null;
}

/** Lines with their value, drawn in every plane that passes through all of them: a measurement. */
export interface Figure {
  readonly id: string;
  /** Patient mm; each path is drawn from point to point. */
  readonly paths: readonly (readonly Vec3[])[];
  readonly text: string;
  readonly labelAt: Vec3;
  readonly color: string;
  readonly emphasized: boolean;
}

export interface ImageWindow {
  readonly widthHu: number;
  readonly levelHu: number;
}

/** A picture of one plane, centred on a point. What is left out is as on the screen. */
export interface PictureRequest {
  readonly plane: Plane;
  readonly at: Vec3;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Pixels of the file for each of these, so that letters and lines keep their size beside the picture in print; 1 where left out. */
  readonly pixelRatio?: number;
  /** mm: side of the square that is shown, or the whole slice where that is less; 120 where left out. */
  readonly fieldMm?: number;
  /** Drawn by this window, as a single slice. */
  readonly window?: ImageWindow;
  /** Drawn in place of what lies over the images now, whether that is shown or not. */
  readonly marks?: { readonly layers: readonly OverlayLayer[]; readonly markers: readonly Marker[] };
}

export type { Deidentifying } from "./deidentify-case.ts";
export type { CropRegion } from "#dicom/deidentify/crop-region";
export type { FramePictures } from "#dicom/deidentify/frame-pictures";
export type { OtherImage, OtherObjects, OtherSeries } from "#dicom/deidentify/other-objects";
export type { LeakReport } from "#dicom/leak-search/search";
export type { DecodedReport } from "#dicom/read-report";
export type { DecodedSegment, DecodedSegmentation } from "#dicom/read-segmentation";

export type { ObjectToStore, StoredObject, StoreOutcome } from "#dicom/dicomweb/archive-types";

/** An archive that takes results of the open case. */
export interface ArchiveTarget {
  /** As readers know it: its host, or its address as configured. */
  readonly name: string;
}

export interface DeploymentSettings {
  /** Root under which new UIDs are made ("2.25" for UUID-derived). */
  readonly uidRoot: string;
  readonly equipment: Equipment;
  readonly readerName: string;
  readonly readerRole: string;
  /** How segmentations are written; BINARY where left out. */
  readonly segmentationForm?: SegmentationForm;
}

export interface Host {
  readonly scene: Readable<Scene>;
  /** The CT open beside the case, where it can be from before: jobs compare with it. */
  readonly prior: Readable<SeriesContext | null>;
  readonly masks: Readable<MaskSet>;
  /** This plugin's document of the open case: JSON, undone and journaled together with the masks. */
  readonly document: Readable<unknown>;
  /**
   * One named undo step over masks and document. Nothing changes if `change` throws. `lasting` is for a signature: neither it
   * nor what came before can be undone afterwards. Edits that follow each other with the same `within` are one undo step, each
   * of them saved at once: a stroke that lands in parts.
   */
  edit(
    undoName: LocalText,
    change: (draft: EditDraft) => void,
    options?: { readonly lasting?: boolean; readonly within?: object },
  ): void;
  /** Takes back what the edits with this `within` did, with no step left to undo or redo; nothing where another step came after. */
  withdraw(within: object): void;
  readonly overlays: { set(layers: readonly OverlayLayer[]): void };
  readonly markers: { set(markers: readonly Marker[]): void };
  readonly figures: { set(figures: readonly Figure[]): void };
  readonly view: {
    /** Moves the crosshair of every view there; with `fieldMm`, each plane shows a square of that side around it. */
    goTo(at: Vec3, fieldMm?: number): void;
    /** Planes to turn in the arrangement of all views: the oblique coronal along this patient's sacrum. */
    setOverview(planes: ObliquePlanes): void;
    /** Turns 3D so that `at` is seen from the side that `outward` points to. */
    lookFrom(outward: Vec3, at: Vec3): void;
    readonly focus: Readable<Vec3 | null>;
    /** Whether single slices are shown; a slab that was on goes off now, and the answer is false: what is decided next is seen thin. */
    thinSlice(): boolean;
    /** Whether masks and markers are drawn now. */
    readonly overlaysVisible: Readable<boolean>;
    /** Where the axial slice lies that was last drawn by itself (no slab) without masks and markers; null before the first. */
    readonly seenUnmarked: Readable<Vec3 | null>;
    /** Where the acquired axial slice lies that was last drawn by itself, with or without marks; null before the first. */
    readonly seenAxial: Readable<Vec3 | null>;
    /** A picture of one plane at a point with its overlays, as PNG. */
    capture(request: PictureRequest): Promise<Blob>;
  };
  readonly tools: {
    readonly active: Readable<string | null>;
    activate(toolId: string | null): void;
    readonly radiusMm: Readable<number>;
  };
  readonly jobs: {
    run<Output>(
      jobId: string,
      input: unknown,
      options?: { signal?: AbortSignal; progress?: (fraction: number, step?: string) => void },
    ): Promise<Output>;
  };
  /** What a page of this plugin is given beside everything else; for panels there is nothing to do here. */
  readonly page: PageHost;
  readonly dicom: DicomHost;
  readonly files: {
    save(file: ExportedFile): void;
    copyText(text: string): Promise<void>;
    copyImage(png: Blob): Promise<void>;
    /** Opens the print dialog over a whole HTML page, which runs no script and loads nothing. Resolves once it was shown. */
    print(html: string): Promise<void>;
  };
  readonly archive: {
    /** Where results can be stored; null where no archive is configured or was used. */
    readonly target: Readable<ArchiveTarget | null>;
    /**
     * UIDs of the series that the archive has of the open case's study. Rejects with a problem: it does not have the study, or can't be
     * asked.
     */
    seriesThere(options?: { readonly signal?: AbortSignal }): Promise<readonly string[]>;
    /**
     * Stores DICOM objects into the study of the open case. What is there already is not sent again, so that the same objects can be
     * given once more after an interruption. The reader may be asked to sign in. Resolves with what became of each object; rejects
     * with a problem where nothing could be sent, and with the signal's reason.
     */
    store(
      objects: readonly ObjectToStore[],
      options?: { readonly signal?: AbortSignal },
    ): Promise<StoreOutcome>;
  };
  readonly settings: Readable<DeploymentSettings>;
  /**
   * JSON that this plugin keeps on this machine beside all cases: what a department always does. Never patient data, and null
   * until it was set.
   */
  readonly habits: Readable<unknown>;
  setHabits(habits: unknown): void;
  /** The key that each of this plugin's verbs has now, and those of the host's that sentences name, as the reader sees it ("⇧A"), by command or tool id; readers change them. */
  readonly keys: Readable<Readonly<Record<string, string>>>;
  readonly locale: Readable<Locale>;
  readonly appearance: Readable<"dark" | "light">;
  notify(text: string, severity?: "info" | "success" | "warning" | "error"): void;
  report(problem: Problem): void;
  now(): Date;
  newUid(): string;
}
