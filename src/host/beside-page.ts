// A text file that an installation may put beside the page: there, not there, or there and not readable.

/**
 * Its text, or null where there is none. A server that answers any unknown address with a page (HTML) has none either. Rejects with
 * what went wrong where it can't be told.
 */
export async function textBesidePage(
  name: string,
  page: string,
  get: typeof fetch = fetch,
): Promise<string | null> {
  const answer = await get(new URL(name, page), { cache: "no-cache" });
  if (answer.status === 404 || answer.status === 410) return null;
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return (answer.headers.get("content-type") ?? "").includes("text/html") ? null : answer.text();
}
