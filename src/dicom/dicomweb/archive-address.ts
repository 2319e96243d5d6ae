// The address of a DICOMweb archive as a person or config.json gives it, checked before anything is sent there.
import { type Problem, type Result, fail, ok, problem } from "#core/problem";
import type { ArchiveAddress, Credentials } from "./archive-types.ts";

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * `rootUrl` may be relative to `pageUri` ("/dicom-web", "../dicom-web"). Refused are addresses that hold a password, a query or a
 * fragment, and protocols other than http and https. A password or token over plain http is noted as a warning.
 */
export function parseArchiveAddress(
  rootUrl: string,
  pageUri: string,
  credentials: Credentials,
): Result<ArchiveAddress> {
  let url: URL;
  try {
    url = new URL(rootUrl.trim(), pageUri);
  } catch {
    return fail(problem("archive/bad-address"));
  }
  // The address itself is not repeated: it may hold the password.
  if (url.username !== "" || url.password !== "") return fail(problem("archive/password-in-address"));
  if (!/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "" || rootUrl.trim() === "")
    return fail(problem("archive/bad-address"));
  if (!canBeSent(credentials)) return fail(problem("archive/bad-credentials"));
  const notes: Problem[] = [];
  if (url.protocol === "http:" && credentials.kind !== "none" && !LOOPBACK.test(url.hostname))
    notes.push(problem("archive/secret-unencrypted", { archive: url.host }, "warning"));
  return ok({ rootUrl: url.href.replace(/\/+$/, ""), credentials }, notes);
}

/** RFC 7617 and RFC 6750: what a header can carry. */
function canBeSent(credentials: Credentials): boolean {
  // oxlint-disable-next-line no-control-regex -- these are what is refused
  const control = /[\u0000-\u001f\u007f]/;
  if (credentials.kind === "basic")
    return !credentials.user.includes(":") && !control.test(credentials.user + credentials.password);
  return credentials.kind === "none" || /^[\x21-\x7e]+$/.test(credentials.token);
}

/** As messages name an archive. */
export const archiveName = ({ rootUrl }: ArchiveAddress): string => new URL(rootUrl).host;
