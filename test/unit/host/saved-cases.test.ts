// The list of saved cases shows what is stored now, whatever order the storage answers in.
import { describe, expect, it } from "vitest";
import type { AppStore } from "#host/app-store";
import type { Journal, StoredCase } from "#host/journal";
import { createSavedCases } from "#host/saved-cases";

describe("the list of saved cases", () => {
  it("does not take a removed case back from an answer that was asked for before", async () => {
    const answers: ((list: readonly StoredCase[]) => void)[] = [];
    const shown: (readonly StoredCase[])[] = [];
    const journal = {
      list: () => new Promise<readonly StoredCase[]>((answer) => answers.push(answer)),
      room: async () => null,
      remove: async () => undefined,
    } as unknown as Journal;
    const store = {
      update: ({ savedCases }: { savedCases: readonly StoredCase[] }) => void shown.push(savedCases),
    } as unknown as AppStore;
    const files = { save: () => undefined } as unknown as Parameters<typeof createSavedCases>[2];
    const cases = createSavedCases(store, journal, files, () => new Date(0));

    const before = cases.refreshSavedCases();
    const removal = cases.forgetSavedCase("A");
    await Promise.resolve();
    while (answers.length < 2) await Promise.resolve();
    answers[1]([]);
    answers[0]([{ caseKey: "A" } as StoredCase]);
    await Promise.all([before, removal]);
    expect(shown).toEqual([[]]);
  });
});
