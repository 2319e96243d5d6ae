// The built OHIF app from npm as static files, served on loopback.
import { builtApp, serveApp } from "../npm-app.ts";

/** The versions that are tried, each with the hash of its package. */
const HASH_OF_VERSION = {
  "3.13.2": "sha512-WZdxmpmG7rqFgW9ZJLcbgr3XCtLi1KDNPoMaeY5PPe6j4G4fjEjjkycZM6C6Zk2F87BKxFfpq+jd5xXZB9E8EA==",
} as const;
export type OhifVersion = keyof typeof HASH_OF_VERSION;

/** The folder of the app, fetched when it isn't there; or in words why it can't be had. */
export const ohifApp = (version: OhifVersion): ReturnType<typeof builtApp> =>
  builtApp({ name: "@ohif/app", version, hash: HASH_OF_VERSION[version], keptIn: "ohif" });

/** Settings of an OHIF that opens files from the disk: it ships without. */
const localFilesConfig = (webWorkers: number): string => `window.config = {
  routerBasename: null, extensions: [], modes: [], customizationService: {}, showStudyList: true,
  maxNumberOfWebWorkers: ${webWorkers}, showWarningMessageForCrossOrigin: false, showCPUFallbackMessage: false, showLoadingIndicator: true,
  strictZSpacingForVolumeViewport: true, defaultDataSourceName: 'dicomlocal', disableConfirmationPrompts: false,
  investigationalUseDialog: { option: 'never' },
  dataSources: [{
    namespace: '@ohif/extension-default.dataSourcesModule.dicomlocal', sourceName: 'dicomlocal',
    configuration: { friendlyName: 'files' },
  }],
};`;

/** Serves it with these settings. `webWorkers` decode images; its own default is 3. */
export const serveOhif = (folder: string, webWorkers = 1): ReturnType<typeof serveApp> =>
  serveApp(folder, new Map([["/app-config.js", localFilesConfig(webWorkers)]]));
