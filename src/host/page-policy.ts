// What the page's own Content-Security-Policy lets it connect to, asked before an archive is: the worker that asks is bound by its server's headers only.

/**
 * Whether `connect-src` of the policy in the page names the address's origin; a page without a policy (`npm run dev`) forbids nothing.
 * @param url absolute, or relative to the page
 */
export function mayConnect(page: Pick<Document, "querySelector" | "baseURI">, url: string): boolean {
  const policy = page.querySelector('meta[http-equiv="Content-Security-Policy"]')?.getAttribute("content");
  const sources = /(?:^|;)\s*connect-src\s+([^;]*)/.exec(policy ?? "")?.[1]?.split(/\s+/);
  if (!sources) return true;
  const { origin } = new URL(url, page.baseURI);
  return sources.some(
    (source) => source === origin || (source === "'self'" && origin === new URL(page.baseURI).origin),
  );
}
