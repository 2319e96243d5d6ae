// The Content-Security-Policy of the app, and its place in the page: what a server sends, and what stands in index.html for those that send none.
import { StepFailed } from "./run-step.mjs";

/**
 * No script, style or connection from anywhere but this origin and the archive's; WebAssembly codecs and blob workers are the only
 * other openings. As a header add `; frame-ancestors 'self'`, which a meta element can't say.
 * @param {readonly string[]} archives origins ("https://pacs.example") of an archive that is not where the page is
 */
export const policyOfPage = (archives = []) =>
  [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self' blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    ["connect-src 'self' blob:", ...archives].join(" "),
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");

/** @param {readonly string[]} [archives] */
export const policyOfServer = (archives) => `${policyOfPage(archives)}; frame-ancestors 'self'`;

/**
 * The origins that a page with this config.json connects to beside its own: none where the archive's address is relative.
 * @param {unknown} config the parsed file; the page itself says what else is wrong in it
 * @returns {string[]}
 */
export function archiveOrigins(config) {
  const archive =
    typeof config === "object" && config !== null && "archive" in config ? config.archive : null;
  const url = typeof archive === "object" && archive !== null && "url" in archive ? archive.url : null;
  // `URL` tells a relative address from an absolute one, and writes what could end the policy's line as %3B.
  if (typeof url !== "string" || !URL.canParse(url)) return [];
  const { protocol, origin } = new URL(url);
  return /^https?:$/.test(protocol) && /^https?:\/\/[\w.:[\]-]+$/.test(origin) ? [origin] : [];
}

const META = /(<meta\s+http-equiv="Content-Security-Policy"\s+content=")[^"]*(")/;

/**
 * The page with the policy for these archives in place of the one it had.
 * @param {string} html
 * @param {readonly string[]} archives
 */
export function withPolicy(html, archives) {
  if (!META.test(html)) throw new StepFailed("index.html has no Content-Security-Policy to set.");
  return html.replace(META, (_, before, after) => `${before}${policyOfPage(archives)}${after}`);
}
