// Drives OHIF as a reader would: opens files from the disk, launches the basic viewer, opens a SEG and an SR; and asks it for its own state.
import { type Browser, type Page } from "playwright-core";
import type { Vec3 } from "#core/space";
import type { WrittenFile } from "./phantom-case.ts";

/** What of OHIF's and Cornerstone's globals is asked for. */
interface OhifWindow {
  readonly commandsManager: { runCommand(name: string, options: object): void };
  readonly services: {
    readonly displaySetService: { getActiveDisplaySets(): DisplaySet[] };
    readonly segmentationService: {
      getSegmentations(): Segmentation[];
      jumpToSegmentCenter(segmentationId: string, segmentIndex: number, viewportId: string): void;
    };
    readonly viewportGridService: { getActiveViewportId(): string };
    readonly cornerstoneViewportService: {
      getCornerstoneViewport(id: string): {
        getCurrentImageId?(): string | undefined;
        worldToCanvas(at: Vec3): [number, number];
        setProperties(properties: { voiRange: { lower: number; upper: number } }): void;
        render(): void;
      } | null;
    };
    readonly panelService: {
      getPanels(side: string): { id: string }[];
      activatePanel(id: string, force: boolean): void;
    };
  };
  readonly cornerstoneTools: {
    readonly annotation: { readonly state: { getAllAnnotations(): ReportMark[] } };
  };
  readonly cornerstone: {
    readonly cache: {
      getImage(id: string): { voxelManager: { getScalarData(): ArrayLike<number> } } | undefined;
    };
    readonly metaData: { get(kind: "imagePlaneModule", imageId: string): ImagePlane | undefined };
  };
}

/** What OHIF makes of a measurement group of an SR. */
interface ReportMark {
  readonly metadata: { readonly toolName: string; readonly planeRestriction?: { readonly point: Vec3 } };
  readonly data: { readonly labels: readonly { readonly label: string; readonly value: string }[] };
}

interface DisplaySet {
  readonly Modality: string;
  readonly isLoaded?: boolean;
  readonly unsupported?: boolean;
}

interface Layer {
  readonly imageIds: readonly string[];
  readonly referencedImageIds: readonly string[];
  readonly labelToSegmentIndex?: Readonly<Record<number, number>>;
}

interface Segmentation {
  readonly segmentationId: string;
  readonly segments: Readonly<
    Record<
      number,
      {
        readonly segmentIndex: number;
        readonly label: string;
        readonly cachedStats?: { readonly namedStats?: Readonly<Record<string, { value: number }>> };
      }
    >
  >;
  readonly representationData: { readonly Labelmap: { readonly labelmaps: Readonly<Record<string, Layer>> } };
}

interface ImagePlane {
  readonly imagePositionPatient: Vec3;
  readonly rowCosines: Vec3;
  readonly columnCosines: Vec3;
  readonly rowPixelSpacing: number;
  readonly columnPixelSpacing: number;
  readonly columns: number;
}

export interface ShownSegment {
  readonly index: number;
  readonly label: string;
  /** By OHIF's own statistics. */
  readonly volumeMm3: number;
  readonly meanHu: number;
  /** Centres of its voxels in the patient, LPS mm. */
  readonly positions: readonly Vec3[];
}

export interface OpenedOhif {
  readonly page: Page;
  /** Exceptions nobody caught and errors on the console, in order. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

const PATIENCE = { timeout: 90_000 };

/** A page of OHIF's basic viewer with these files, as if chosen from the disk, the first slice drawn. */
export async function openInOhif(
  browser: Browser,
  url: string,
  files: readonly WrittenFile[],
): Promise<OpenedOhif> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`exception: ${error.stack ?? error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`console: ${message.text()}`);
  });
  await page.goto(`${url}/local`);
  // The second asks for a folder.
  await page
    .locator("input[type=file]")
    .first()
    .setInputFiles(
      files.map(({ name, bytes }) => ({ name, mimeType: "application/dicom", buffer: Buffer.from(bytes) })),
      PATIENCE,
    );
  await page.getByText("PHANTOM, SACRUM").first().click(PATIENCE);
  await page.getByRole("button", { name: "Basic Viewer", exact: true }).click(PATIENCE);
  await page.waitForFunction(
    () => {
      const { services } = window as unknown as Partial<OhifWindow>;
      const active = services?.viewportGridService.getActiveViewportId();
      const viewport = active && services?.cornerstoneViewportService.getCornerstoneViewport(active);
      return Boolean(viewport && viewport.getCurrentImageId?.());
    },
    null,
    PATIENCE,
  );
  return { page, complaints, close: () => context.close() };
}

/** Opens the SEG of this series description, answers OHIF's question with yes and waits until it has measured every segment. */
export async function openSegmentation(page: Page, description: string, segments: number): Promise<void> {
  await page.getByText(description).first().dblclick(PATIENCE);
  await page.locator('[data-cy="yes-hydrate-btn"]').click(PATIENCE);
  await page.waitForFunction(
    (wanted) => {
      const { services } = window as unknown as OhifWindow;
      const [segmentation] = services.segmentationService.getSegmentations();
      const measured = Object.values(segmentation?.segments ?? {}).filter(
        ({ cachedStats }) => cachedStats?.namedStats?.volume,
      );
      return measured.length >= wanted;
    },
    segments,
    PATIENCE,
  );
}

/** Opens the SR of this series description and waits until OHIF says that it is loaded. */
export async function openReport(page: Page, description: string): Promise<void> {
  await page.getByText(description).first().dblclick(PATIENCE);
  await page.waitForFunction(
    () =>
      (window as unknown as OhifWindow).services.displaySetService
        .getActiveDisplaySets()
        .some(({ Modality, isLoaded }) => Modality === "SR" && isLoaded === true),
    null,
    PATIENCE,
  );
}

/** The measurement groups of the opened SR as OHIF keeps them: their places in the patient and their volumes as it words them. */
export const reportMarksOf = (page: Page): Promise<{ at: Vec3 | null; volume: string }[]> =>
  page.evaluate(() =>
    (window as unknown as OhifWindow).cornerstoneTools.annotation.state
      .getAllAnnotations()
      .filter(({ metadata }) => metadata.toolName === "DICOMSRDisplay")
      .map(({ metadata, data }) => ({
        at: metadata.planeRestriction?.point ?? null,
        volume: data.labels.find(({ label }) => label === "Volume")?.value ?? "",
      })),
  );

/** What OHIF tells its reader of a failure, which it keeps from the console. */
export const failuresShown = (page: Page): Promise<string[]> =>
  page.getByText(/something went wrong|error loading|failed/i).allTextContents();

/** Modalities of what OHIF has opened, and those of them it calls unsupported. */
export const displaySetsOf = (page: Page) =>
  page.evaluate(() => {
    const sets = (window as unknown as OhifWindow).services.displaySetService.getActiveDisplaySets();
    const modalities = (wanted: DisplaySet[]) => wanted.map(({ Modality }) => Modality).toSorted();
    return {
      all: modalities(sets),
      unsupported: modalities(sets.filter(({ unsupported }) => unsupported === true)),
    };
  });

/** The one segmentation of OHIF's segmentation service, its voxels by the positions of the images they lie on. */
export const segmentsOf = (page: Page): Promise<ShownSegment[]> =>
  page.evaluate(() => {
    const { services, cornerstone } = window as unknown as OhifWindow;
    const segmentations = services.segmentationService.getSegmentations();
    if (segmentations.length !== 1) throw new Error(`${segmentations.length} segmentations`);
    const [{ segments, representationData }] = segmentations;
    const positions: Record<number, Vec3[]> = {};
    for (const { imageIds, referencedImageIds, labelToSegmentIndex } of Object.values(
      representationData.Labelmap.labelmaps,
    )) {
      imageIds.forEach((id, n) => {
        const image = cornerstone.cache.getImage(id);
        const plane = cornerstone.metaData.get(
          "imagePlaneModule",
          referencedImageIds[n % referencedImageIds.length],
        );
        if (!image || !plane) throw new Error(`no image or plane of ${id}`);
        const labels = image.voxelManager.getScalarData();
        for (let at = 0; at < labels.length; at++) {
          if (labels[at] === 0) continue;
          const i = (at % plane.columns) * plane.columnPixelSpacing;
          const j = Math.floor(at / plane.columns) * plane.rowPixelSpacing;
          const on = (axis: 0 | 1 | 2) =>
            plane.imagePositionPatient[axis] + i * plane.rowCosines[axis] + j * plane.columnCosines[axis];
          (positions[labelToSegmentIndex?.[labels[at]] ?? labels[at]] ??= []).push([on(0), on(1), on(2)]);
        }
      });
    }
    return Object.values(segments).map(({ segmentIndex, label, cachedStats }) => ({
      index: segmentIndex,
      label,
      volumeMm3: cachedStats?.namedStats?.volume?.value ?? NaN,
      meanHu: cachedStats?.namedStats?.mean?.value ?? NaN,
      positions: positions[segmentIndex] ?? [],
    }));
  });

/** OHIF's three planes through the volume, side by side. */
export const showThreePlanes = (page: Page): Promise<void> =>
  page.evaluate(() =>
    (window as unknown as OhifWindow).commandsManager.runCommand("toggleHangingProtocol", {
      protocolId: "mpr",
    }),
  );

/** Where places of the patient (mm) lie in a viewport, CSS pixels from its top left: by OHIF's own reckoning. */
export const placesIn = (page: Page, viewportId: string, places: readonly Vec3[]) =>
  page.evaluate(
    ([id, all]) => {
      const { cornerstoneViewportService } = (window as unknown as OhifWindow).services;
      const viewport = cornerstoneViewportService.getCornerstoneViewport(id);
      if (!viewport) throw new Error(`no viewport ${id}`);
      return all.map((place) => viewport.worldToCanvas(place));
    },
    [viewportId, places] as const,
  );

/** Turns to a panel at the right. */
export const showPanel = (page: Page, id: string): Promise<void> =>
  page.evaluate(
    (wanted) => (window as unknown as OhifWindow).services.panelService.activatePanel(wanted, true),
    id,
  );

/** Shows the segment's middle slice in a bone window with the list of segments open. */
export async function showSegment(page: Page, index: number): Promise<void> {
  await page.evaluate((wanted) => {
    const { services } = window as unknown as OhifWindow;
    const { panelService, segmentationService, viewportGridService, cornerstoneViewportService } = services;
    const panel = panelService.getPanels("right").find(({ id }) => /segmentation/i.test(id));
    if (panel) panelService.activatePanel(panel.id, true);
    const viewportId = viewportGridService.getActiveViewportId();
    const [{ segmentationId }] = segmentationService.getSegmentations();
    segmentationService.jumpToSegmentCenter(segmentationId, wanted, viewportId);
    const viewport = cornerstoneViewportService.getCornerstoneViewport(viewportId);
    viewport?.setProperties({ voiRange: { lower: -450, upper: 2050 } });
    viewport?.render();
  }, index);
}
