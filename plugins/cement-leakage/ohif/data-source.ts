// The archive as OHIF's data source names it, with the sign-in that OHIF has: nobody signs in twice.
import type { Credentials } from "#dicom/dicomweb/archive-types";
import type { ArchiveLine } from "#host/archive-line";
import type { ArchivePlace } from "#host/deployment";
import type { WorkerLine } from "#host/worker-protocol";
import type { ExtensionManager, OhifServices } from "./ohif-types.ts";

/**
 * The DICOMweb root that is searched, retrieved from and stored to; null for files from the disk, a folder that only looks like an archive,
 * and a source whose parts lie at different addresses.
 */
export function archivePlace(extensions: ExtensionManager): ArchivePlace | null {
  const config = extensions.getActiveDataSource()[0]?.getConfig?.();
  const { wadoRoot, qidoRoot = wadoRoot, staticWado } = config ?? {};
  if (!wadoRoot || wadoRoot !== qidoRoot || staticWado) return null;
  return { url: wadoRoot, login: "page" };
}

type Authentication = OhifServices["userAuthenticationService"];

/** What OHIF would send now: tokens are renewed while a case is read. */
export function credentialsNow(authentication: Authentication): Credentials {
  const { Authorization = "" } = authentication.getAuthorizationHeader() ?? {};
  const [, scheme = "", value = ""] = /^(\w+)\s+(.+)$/.exec(Authorization) ?? [];
  if (scheme.toLowerCase() === "bearer") return { kind: "bearer", token: value };
  if (scheme.toLowerCase() !== "basic") return { kind: "none" };
  const [user, ...password] = atob(value).split(":");
  return { kind: "basic", user, password: password.join(":") };
}

/** The worker, asking every archive as OHIF would. */
export function signedInAsOhif(worker: WorkerLine, authentication: Authentication): WorkerLine {
  const { archive } = worker;
  const as = <A extends { readonly credentials: Credentials }>(address: A): A => {
    const credentials = credentialsNow(authentication);
    return credentials.kind === "none" ? address : { ...address, credentials };
  };
  const asOhif: ArchiveLine = {
    search: (address, ...rest) => archive.search(as(address), ...rest),
    series: (address, ...rest) => archive.series(as(address), ...rest),
    read: (address, ...rest) => archive.read(as(address), ...rest),
    objects: (address, ...rest) => archive.objects(as(address), ...rest),
    store: (address, ...rest) => archive.store(as(address), ...rest),
  };
  return { ...worker, archive: asOhif };
}
