// Runs many small asynchronous tasks, a few at a time.

/**
 * Results of `task` for every item, in the order of the items; at most `limit` in flight. Rejects with the first rejection or with the
 * signal's reason, after which no further item is started.
 */
export async function mapInParallel<Item, Output>(
  items: readonly Item[],
  limit: number,
  task: (item: Item, index: number) => Promise<Output>,
  signal?: AbortSignal,
): Promise<Output[]> {
  const results: Output[] = Array.from({ length: items.length });
  let next = 0;
  let stopped = false;
  const lane = async () => {
    for (;;) {
      if (stopped || next >= items.length) return;
      signal?.throwIfAborted();
      const index = next++;
      results[index] = await task(items[index], index);
    }
  };
  const lanes = Array.from({ length: Math.max(1, Math.min(limit, items.length)) }, lane);
  try {
    await Promise.all(lanes);
  } finally {
    stopped = true;
  }
  signal?.throwIfAborted();
  return results;
}
