// The built OHIF app from npm as static files, served on loopback with settings of ours.
import { builtApp, serveApp, type ServedApp, type ServeOptions } from "../npm-app.ts";

/** The versions that are tried, each with the hash of its package. */
const HASH_OF_VERSION = {
  "3.11.1": "sha512-0lJRyHguGuIR06PxeJ3rqnPWf1OAqsaXGuqT2kl5HkNjIOxBDnRTTMvyHnkn3ZyjcHlsIhY8gf0h7AhVORqsSQ==",
  "3.12.10":
    "sha512-0kuF66Mq9c9dMD++bUsTjMrJpXJwaZhz9B4uS244DawAjSkTwIYFU93pxPuRUQixaRi7QAHlF3Fe1qudBlZrmA==",
  "3.13.2": "sha512-WZdxmpmG7rqFgW9ZJLcbgr3XCtLi1KDNPoMaeY5PPe6j4G4fjEjjkycZM6C6Zk2F87BKxFfpq+jd5xXZB9E8EA==",
  // The newest beta: what fails there is told, and fails no test.
  "3.14.0-beta.6":
    "sha512-QwA0talqhh4VlUR+QgT2t8FP7NpX++4s6Z9Cp5VIcta3JMd2zGBPTp/R9t7JaX0Xi1AHAZAJxTv502R+SawaBg==",
} as const;
export type OhifVersion = keyof typeof HASH_OF_VERSION;
/** Oldest first. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the object above
export const OHIF_VERSIONS = Object.keys(HASH_OF_VERSION) as readonly OhifVersion[];
export const isBeta = (version: OhifVersion): boolean => version.includes("beta");

/** The folder of the app, fetched when it isn't there; or in words why it can't be had. */
export const ohifApp = (version: OhifVersion): ReturnType<typeof builtApp> =>
  builtApp({ name: "@ohif/app", version, hash: HASH_OF_VERSION[version], keptIn: "ohif" });

interface Source {
  readonly namespace: string;
  readonly sourceName: string;
  readonly configuration: object;
}

/** OHIF's app-config.js with these data sources, the first of them the default. `webWorkers` decode images; OHIF's own default is 3. */
const configWith = (sources: readonly Source[], webWorkers = 1): string => `window.config = {
  routerBasename: null, extensions: [], modes: [], customizationService: {}, showStudyList: true,
  maxNumberOfWebWorkers: ${webWorkers}, showWarningMessageForCrossOrigin: false, showCPUFallbackMessage: false, showLoadingIndicator: true,
  strictZSpacingForVolumeViewport: true, defaultDataSourceName: '${sources[0].sourceName}', disableConfirmationPrompts: false,
  investigationalUseDialog: { option: 'never' },
  dataSources: ${JSON.stringify(sources)},
};
`;

/** Opens files from the disk, which OHIF ships without. */
export const localFilesConfig = (webWorkers = 1): string =>
  configWith(
    [
      {
        namespace: "@ohif/extension-default.dataSourcesModule.dicomlocal",
        sourceName: "dicomlocal",
        configuration: { friendlyName: "files" },
      },
    ],
    webWorkers,
  );

/** Reads from and stores to a DICOMweb archive at this address. */
export const archiveConfig = (root: string): string =>
  configWith([
    {
      namespace: "@ohif/extension-default.dataSourcesModule.dicomweb",
      sourceName: "archive",
      configuration: {
        friendlyName: "archive",
        name: "archive",
        wadoUriRoot: root,
        qidoRoot: root,
        wadoRoot: root,
        qidoSupportsIncludeField: true,
        imageRendering: "wadors",
        thumbnailRendering: "wadors",
        enableStudyLazyLoad: true,
        supportsFuzzyMatching: false,
        supportsWildcard: true,
        dicomUploadEnabled: true,
        omitQuotationForMultipartRequest: true,
      },
    },
  ]);

/** Serves it with the text of an app-config.js. */
export const serveOhif = (
  folder: string,
  { config = localFilesConfig(), ...options }: ServeOptions & { readonly config?: string } = {},
): Promise<ServedApp> => serveApp(folder, { ...options, instead: new Map([["/app-config.js", config]]) });
