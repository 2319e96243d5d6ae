// Sentences that name a key follow the reader's own keys, and lose the brackets where a verb has none.
import { describe, expect, it } from "vitest";
import { manifest } from "../../../plugins/cement-leakage/manifest.ts";
import { withKeys } from "../../../plugins/cement-leakage/reading/keys-in-words.ts";
import { WHY } from "../../../plugins/cement-leakage/reading/words.ts";
import { HOST_KEYS } from "../../../src/host/key-map.ts";

describe("a key in a sentence", () => {
  it("is the one that the verb has now, in both kinds of brackets", () => {
    const keys = { "cement-leakage/find": "⇧Z", "host/overlays": "H" };
    expect(withKeys("Find cement first ({find})", keys)).toBe("Find cement first (⇧Z)");
    expect(withKeys("请先查找骨水泥（{find}）", keys)).toBe("请先查找骨水泥（⇧Z）");
    expect(withKeys("Show them ({host/overlays}), then go on", keys)).toBe("Show them (H), then go on");
  });

  it("is left out where the verb has none", () => {
    expect(withKeys("Find cement first ({find})", { "cement-leakage/find": "" })).toBe("Find cement first");
    expect(withKeys("until cement is found ({find}), any voxel", {})).toBe(
      "until cement is found, any voxel",
    );
  });

  it("names a verb that there is, wherever a reason names one", () => {
    const verbs = new Set<string>([
      ...[...manifest.commands, ...manifest.tools].map(({ id }) => id),
      ...Object.keys(HOST_KEYS),
    ]);
    const named = Object.values(WHY).flatMap(({ en, zh }) =>
      [...`${en} ${zh}`.matchAll(/\{([^}]*)\}/g)].map(([, verb = ""]) =>
        verb.includes("/") ? verb : `cement-leakage/${verb}`,
      ),
    );
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((verb) => !verbs.has(verb))).toEqual([]);
  });
});
