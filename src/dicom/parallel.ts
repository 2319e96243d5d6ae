// Runs many small asynchronous tasks, a few at a time.

/**
 * Results of `task` for every item, in the order of the items; at most `limit` in flight. Rejects with the first rejection or with the
 * signal's reason, after which no further item is started. `next` gives the index of the item to start now, null when there is none; else
 * they are started in their order.
 */
export async function mapInParallel<Item, Output>(
  items: readonly Item[],
  limit: number,
  task: (item: Item, index: number) => Promise<Output>,
  signal?: AbortSignal,
  next: () => number | null = inOrder(items.length),
): Promise<Output[]> {
  const results: Output[] = Array.from({ length: items.length });
  let stopped = false;
  const lane = async () => {
    for (;;) {
      if (stopped) return;
      signal?.throwIfAborted();
      const index = next();
      if (index === null) return;
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

function inOrder(count: number): () => number | null {
  let last = -1;
  return () => (++last < count ? last : null);
}
