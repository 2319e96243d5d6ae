// As much of `idb` as the journal uses, in memory: stores by key, transactions that land whole or not at all.
type Key = string | readonly [string, number];
type Row = { caseKey: string; step?: number };
type Tables = Record<string, Map<string, Row>>;

const disk = new Map<string, Tables>();
/** The next transactions of this many fail when they would land, as with a full disk. */
export const faults = { failNext: 0 };

const textOf = (key: Key): string => JSON.stringify(key);
const inOrder = (rows: Iterable<Row>): Row[] => [...rows].sort((a, b) => (a.step ?? 0) - (b.step ?? 0));

function storeOf(table: Map<string, Row>, byStep: boolean) {
  const keyOf = (row: Row): Key => (byStep ? [row.caseKey, row.step ?? 0] : row.caseKey);
  const within = (caseKey: string): Row[] =>
    inOrder([...table.values()].filter((row) => row.caseKey === caseKey));
  return {
    get: async (key: Key) => table.get(textOf(key)),
    getAll: async (range?: string) => (range === undefined ? inOrder(table.values()) : within(range)),
    getAllKeys: async (range: string) => within(range).map(keyOf),
    put: async (row: Row) => void table.set(textOf(keyOf(row)), structuredClone(row)),
    delete: async (range: string) =>
      void (byStep
        ? within(range).forEach((row) => table.delete(textOf(keyOf(row))))
        : table.delete(textOf(range))),
  };
}

/** Stands in for `IDBKeyRange.bound([caseKey, …], [caseKey, …])`: the case's key is all that the fake needs. */
export const keyRange = { bound: ([caseKey]: [string, number]) => caseKey };

export async function openDB(name: string): Promise<unknown> {
  if (!disk.has(name)) disk.set(name, { cases: new Map(), snapshots: new Map(), steps: new Map() });
  const tables = (): Tables => disk.get(name) ?? {};
  return {
    get: async (store: string, key: Key) => storeOf(tables()[store], store === "steps").get(key),
    getAll: async (store: string, range?: string) =>
      storeOf(tables()[store], store === "steps").getAll(range),
    getAllKeys: async (store: string, range: string) =>
      storeOf(tables()[store], store === "steps").getAllKeys(range),
    transaction() {
      const draft: Tables = Object.fromEntries(
        Object.entries(tables()).map(([id, table]) => [id, new Map(table)]),
      );
      let aborted = false;
      return {
        objectStore: (store: string) => storeOf(draft[store], store === "steps"),
        abort: () => void (aborted = true),
        get done() {
          if (aborted) return Promise.reject(new DOMException("aborted", "AbortError"));
          if (faults.failNext > 0) {
            faults.failNext--;
            return Promise.reject(new DOMException("full", "QuotaExceededError"));
          }
          disk.set(name, draft);
          return Promise.resolve();
        },
      };
    },
    close: () => undefined,
  };
}
