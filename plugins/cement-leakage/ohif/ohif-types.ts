// What the adapter asks of OHIF and of OHIF's Cornerstone, and nothing more: true of 3.11.1, 3.12.10 and 3.13.2. Types only.
interface Subscription {
  unsubscribe(): void;
}

interface Observable {
  readonly EVENTS: Readonly<Record<string, string>>;
  subscribe(event: string, listener: () => void): Subscription;
}

/** One image as OHIF keeps it: its header's attributes by keyword, and where its file is. */
export interface OhifInstance {
  readonly SOPInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly StudyInstanceUID: string;
  readonly InstanceNumber?: number | string;
  /** "dicomfile:3", "dicomweb:https://…", "wadors:https://…" */
  readonly url?: string;
  readonly imageId?: string;
}

/** What OHIF shows as one: here a stack of CT images. */
export interface DisplaySet {
  readonly displaySetInstanceUID: string;
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly Modality: string;
  readonly SeriesDescription?: string;
  readonly instances?: readonly OhifInstance[];
  readonly images?: readonly OhifInstance[];
}

export interface ViewportGrid extends Observable {
  getActiveViewportId(): string;
  getState(): {
    readonly viewports: ReadonlyMap<string, { readonly displaySetInstanceUIDs?: readonly string[] }>;
  };
}

export interface OhifSegmentation {
  readonly segmentationId: string;
}

export interface OhifServices {
  readonly displaySetService: Observable & {
    getDisplaySetByUID(uid: string): DisplaySet | undefined;
    getActiveDisplaySets(): readonly DisplaySet[];
  };
  readonly viewportGridService: ViewportGrid;
  readonly uiNotificationService: {
    show(notice: {
      title: string;
      message: string;
      type: string;
      duration: number;
      position: string;
    }): unknown;
  };
  readonly userAuthenticationService: {
    getAuthorizationHeader(): Readonly<Record<string, string>> | undefined;
  };
  readonly segmentationService: {
    createLabelmapForDisplaySet(
      displaySet: DisplaySet,
      options: {
        segmentationId: string;
        label: string;
        segments: Record<number, { label: string; active: boolean }>;
      },
    ): Promise<string>;
    addSegmentationRepresentation(viewportId: string, what: { segmentationId: string }): Promise<unknown>;
    getSegmentation(segmentationId: string): OhifSegmentation | undefined;
    remove(segmentationId: string): void;
    setSegmentColor?(
      viewportId: string,
      segmentationId: string,
      segmentIndex: number,
      color: readonly [number, number, number, number],
    ): void;
  };
}

export interface DataSource {
  getConfig?(): DataSourceConfig | undefined;
}

/** A DICOMweb source names these roots; files from the disk have none. */
export interface DataSourceConfig {
  readonly wadoRoot?: string;
  readonly qidoRoot?: string;
  readonly friendlyName?: string;
  /** A folder of files that only looks like an archive: whole instances can't be had of it, nothing can be stored. */
  readonly staticWado?: boolean;
}

export interface ExtensionManager {
  getActiveDataSource(): readonly DataSource[];
  getModuleEntry(id: string): { readonly exports: CornerstoneModule } | undefined;
}

export interface CornerstoneModule {
  getCornerstoneLibraries(): {
    readonly cornerstone: Cornerstone;
    readonly cornerstoneTools: CornerstoneTools;
  };
  readonly dicomLoaderService: {
    /** The Part 10 bytes of an instance, from wherever its data source has it. */
    findDicomDataPromise(
      dataSet: object,
      studies: readonly unknown[],
      headers: Readonly<Record<string, string>> | undefined,
    ): Promise<ArrayBuffer>;
  };
}

type Point2 = [number, number];
type Point3 = [number, number, number];

/** A stack or volume viewport; what only one of the two has is optional. */
export interface OhifViewport {
  readonly id: string;
  readonly type: string;
  readonly element: HTMLDivElement;
  getFrameOfReferenceUID(): string | undefined;
  canvasToWorld(at: Point2): Point3;
  jumpToWorld?(at: Point3): unknown;
  setProperties(properties: { voiRange: { lower: number; upper: number } }): void;
  getProperties(): { readonly voiRange?: { readonly lower: number; readonly upper: number } };
  getSlabThickness?(): number;
  resetSlabThickness?(): void;
  resetCamera?(): unknown;
  render(): void;
}

export interface Cornerstone {
  readonly eventTarget: EventTarget;
  readonly Enums: { readonly Events: Readonly<Record<string, string>> };
  getRenderingEngines(): readonly { getViewports(): readonly OhifViewport[] }[] | undefined;
  readonly cache: {
    getImage(
      imageId: string,
    ): { readonly voxelManager: { getScalarData(): Uint8Array | Uint16Array } } | undefined;
  };
  readonly metaData: {
    get(
      kind: "imagePlaneModule",
      imageId: string,
    ): { readonly imagePositionPatient?: readonly [number, number, number] } | undefined;
  };
}

export interface LabelmapLayer {
  /** Of the labels, one for each of the images that they lie on. */
  readonly imageIds: readonly string[];
  readonly referencedImageIds: readonly string[];
}

export interface CornerstoneTools {
  readonly segmentation: {
    readonly state: {
      getSegmentation(id: string):
        | {
            readonly representationData: {
              readonly Labelmap?: Partial<LabelmapLayer> & {
                /** 3.13 and later: by layer. */
                readonly labelmaps?: Readonly<Record<string, LabelmapLayer>>;
              };
            };
          }
        | undefined;
    };
    readonly triggerSegmentationEvents: {
      triggerSegmentationDataModified(segmentationId: string): void;
    };
  };
}

/** What OHIF hands to an extension when it registers it. */
export interface Ohif {
  readonly servicesManager: { readonly services: OhifServices };
  readonly extensionManager: ExtensionManager;
}
