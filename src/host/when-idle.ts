// Fetching ahead: work that nobody has asked for yet, begun once the page has been drawn and has nothing else to do.

/** What is fetched ahead and fails here fails again, aloud, when it is asked for. */
export function whenIdle(work: () => Promise<unknown>): void {
  const begin = (): void => void work().catch(() => undefined);
  // Safari has no idle callbacks; two frames later the first page has been drawn.
  if (typeof requestIdleCallback === "function") requestIdleCallback(begin, { timeout: 3000 });
  else requestAnimationFrame(() => setTimeout(begin, 300));
}
