// What comes back after a reload is what was on the screen: also after a failed write, a fast reopening, or a second tab.
import { strToU8, zipSync } from "fflate";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ProblemError } from "#core/problem";
import { recordEdit, applyStep, type CaseState } from "#host/edit-history";
import { readSavedCaseFile, savedCaseFile } from "#host/saved-case-file";
import { openJournal, type Journal, type SavedCase } from "#host/journal";
import { emptyMask, type RunMask } from "#voxels/mask";
import { union } from "#voxels/set-operations";
import { faults, keyRange } from "./memory-idb.ts";

vi.mock("idb", () => import("./memory-idb.ts"));
vi.stubGlobal("IDBKeyRange", keyRange);

const shape = { columns: 16, rows: 4, slices: 2 };
const nothing: CaseState = { masks: new Map(), documents: {} };

/** One run of four voxels in a row of the first slice. */
function bar(row: number): RunMask {
  const rowStart = new Uint32Array(shape.rows * shape.slices + 1);
  rowStart.fill(1, row + 1);
  return { ...emptyMask(shape), rowStart, start: Uint16Array.of(2), end: Uint16Array.of(6) };
}

const entry: SavedCase = {
  caseKey: "1.2",
  seriesInstanceUid: "1.2",
  patientId: "T",
  studyDate: "",
  description: "",
  summary: "",
  savedAt: "2026-01-01T00:00:00Z",
  source: { kind: "files" },
};

/** Adds a row to mask "m", as an edit of the host does; gives the state after it. */
function paint(
  journal: Journal,
  state: CaseState,
  row: number,
): { after: CaseState; written: Promise<void> } {
  const step = recordEdit(state, shape, { en: "Paint", zh: "" }, (draft) => {
    draft.setMask("m", union(draft.mask("m") ?? emptyMask(shape), bar(row)));
    draft.setDocuments({ p: { row } });
  });
  if (!step) throw new Error("nothing painted");
  const after = applyStep(state, shape, step, "forward");
  return { after, written: journal.append(entry, shape, step.masks, "forward", after) };
}

let count = 0;
let name = "";
beforeEach(() => {
  name = `journal-${++count}`;
});

describe("the journal", () => {
  it("brings back the state after many steps, across its snapshots", async () => {
    const journal = await openJournal(name);
    let state = (await journal.restore("1.2", shape)) ?? nothing;
    for (let n = 0; n < 43; n++) {
      const step = recordEdit(state, shape, { en: "", zh: "" }, (draft) => {
        draft.setMask("m", bar(n % 4));
        draft.setDocuments({ p: n });
      });
      if (!step) continue;
      state = applyStep(state, shape, step, "forward");
      await journal.append(entry, shape, step.masks, "forward", state);
    }
    expect(await (await openJournal(name)).restore("1.2", shape)).toEqual(state);
  });

  it("holds the whole state again after a write that failed", async () => {
    const journal = await openJournal(name);
    await journal.restore("1.2", shape);
    const first = paint(journal, nothing, 0);
    await first.written;
    faults.failNext = 1;
    const lost = paint(journal, first.after, 1);
    await expect(lost.written).rejects.toThrow(/full/);
    const third = paint(journal, lost.after, 2);
    await third.written;
    expect(await (await openJournal(name)).restore("1.2", shape)).toEqual(third.after);
  });

  it("waits for the step under way when a case is closed and opened again at once", async () => {
    const journal = await openJournal(name);
    await journal.restore("1.2", shape);
    const { after, written } = paint(journal, nothing, 0);
    expect(await journal.restore("1.2", shape)).toEqual(after);
    await written;
  });

  it("refuses to mix the changes of two tabs, and keeps those of the one that went on", async () => {
    const [here, there] = [await openJournal(name), await openJournal(name)];
    await here.restore("1.2", shape);
    const first = paint(here, nothing, 0);
    await first.written;
    const other = await there.restore("1.2", shape);
    const second = paint(there, other ?? nothing, 1);
    await second.written;
    const refused = await paint(here, first.after, 2).written.then(
      () => null,
      (error: unknown) => error,
    );
    expect(refused instanceof ProblemError && refused.problem.code).toBe("journal/changed-elsewhere");
    expect(await (await openJournal(name)).restore("1.2", shape)).toEqual(second.after);
  });

  it("goes on after saved work that could not be read, which is set aside whole", async () => {
    const journal = await openJournal(name);
    await journal.restore("1.2", shape);
    await paint(journal, nothing, 0).written;
    const unread = await journal.content("1.2");
    const again = await openJournal(name);
    const otherShape = { columns: 16, rows: 5, slices: 2 };
    await expect(again.restore("1.2", otherShape)).rejects.toThrow();
    expect((await again.list()).map(({ caseKey }) => caseKey)).toEqual(["1.2"]);
    const { after, written } = paint(again, nothing, 3);
    await written;
    expect(await (await openJournal(name)).restore("1.2", shape)).toEqual(after);
    const aside = (await again.list()).find(({ setAside }) => setAside !== undefined);
    const kept = await again.content(aside?.caseKey ?? "");
    expect(kept?.steps.map(({ masks, documents }) => [masks, documents])).toEqual(
      unread?.steps.map(({ masks, documents }) => [masks, documents]),
    );
    await paint(again, after, 1).written;
    expect(await again.list()).toHaveLength(2);
    await again.remove(aside?.caseKey ?? "");
    expect((await again.list()).map(({ caseKey }) => caseKey)).toEqual(["1.2"]);
    expect(await again.restore("1.2", shape)).not.toBeNull();
  });

  it("sets nothing aside when the write that would replace it fails", async () => {
    const journal = await openJournal(name);
    await journal.restore("1.2", shape);
    await paint(journal, nothing, 0).written;
    const again = await openJournal(name);
    await expect(again.restore("1.2", { ...shape, rows: 5 })).rejects.toThrow();
    faults.failNext = 1;
    const lost = paint(again, nothing, 3);
    await expect(lost.written).rejects.toThrow(/full/);
    expect(await again.list()).toHaveLength(1);
    await paint(again, lost.after, 1).written;
    expect((await again.list()).filter(({ setAside }) => setAside !== undefined)).toHaveLength(1);
  });

  it("writes a case to a file that brings it back in another browser, and counts its bytes", async () => {
    const journal = await openJournal(name);
    await journal.restore("1.2", shape);
    let { after, written } = paint(journal, nothing, 0);
    await written;
    ({ after, written } = paint(journal, after, 2));
    await written;
    const content = await journal.content("1.2");
    if (!content) throw new Error("nothing stored");
    const read = readSavedCaseFile(savedCaseFile(content).bytes);
    if (!read.ok) throw new Error(read.problem.code);
    const other = await openJournal(`${name}-other`);
    await other.take(read.value, "2026-02-01T00:00:00Z");
    expect(await other.restore("1.2", shape)).toEqual(after);
    const [listed] = await other.list();
    expect(listed.bytes).toBeGreaterThan(100);
    // Taken a second time, the first is not lost.
    await other.take(read.value, "2026-02-02T00:00:00Z");
    expect((await other.list()).map(({ setAside }) => setAside ?? "current").sort()).toEqual([
      "2026-02-02T00:00:00Z",
      "current",
    ]);
  });

  it("refuses a file that is no saved case", () => {
    for (const bytes of [new Uint8Array(0), Uint8Array.of(80, 75, 3, 4), zipSync({ "a.txt": strToU8("{}") })])
      expect(readSavedCaseFile(bytes)).toMatchObject({
        ok: false,
        problem: { code: "journal/not-a-saved-case" },
      });
    const json = strToU8(JSON.stringify({ format: "cement-leakage-viewer/saved-case", version: 2 }));
    expect(readSavedCaseFile(zipSync({ "saved-case.json": json })).ok).toBe(false);
  });
});
