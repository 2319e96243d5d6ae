// Cases put together: files that are none are told, and a page in which a file's name turns up is not saved.
import { strToU8 } from "fflate";
import { expect, it } from "vitest";
import { caseHtml } from "#cement/teaching/case-html";
import type { PlayData } from "#cement/teaching/play-data";
import { jobs } from "../../../plugins/cement-leakage/jobs.ts";
import { plugin } from "../../../plugins/cement-leakage/plugin.ts";
import { createCollecting } from "../../../plugins/cement-leakage/reading/teaching/collect.ts";
import { headless } from "../host/headless.ts";
import { ID } from "../host/written-case.ts";
import { madePlay } from "./made-play.ts";

const fileOf = (path: string, data: PlayData) => ({
  path,
  file: new File([strToU8(caseHtml(data, [])).slice()], "case.html"),
});

it("takes cases over once each, and tells the files that are none", async () => {
  const host = headless([plugin], jobs);
  const collecting = createCollecting(host.hostOf(ID));
  const none = madePlay({ caseId: "CASE-0000F0", leaks: [] });
  await collecting.add([
    fileOf("a/case.html", madePlay()),
    fileOf("b/case.html", madePlay()),
    fileOf("teaching-case.html", none),
    { path: "notes.txt", file: new File(["hello"], "notes.txt") },
  ]);
  const { cases, chosen, refused } = collecting.state.get();
  expect(cases.map(({ caseId }) => caseId)).toEqual(["CASE-00AAFF", "CASE-0000F0"]);
  expect(chosen.size).toBe(2);
  expect(refused).toEqual(["notes.txt"]);
  collecting.save();
  expect(collecting.state.get().report?.found).toEqual([]);
  expect(host.saved.map(({ name }) => name)).toEqual(["quiz.html"]);
  collecting.remove("CASE-0000F0");
  collecting.choose("CASE-00AAFF", false);
  expect(collecting.state.get().report).toBeNull();
  collecting.save();
  expect(host.saved).toHaveLength(1);
});

it("saves nothing where the name that a file is called by stands in a case or in the title", async () => {
  const host = headless([plugin], jobs);
  const collecting = createCollecting(host.hostOf(ID));
  await collecting.add([
    fileOf("Wintergreen.html", madePlay({ history: "Mrs Wintergreen, aged 65 to 69." })),
  ]);
  collecting.save();
  expect(collecting.state.get().report?.clean).toBe(false);
  await collecting.add([fileOf("Wintergreen.html", madePlay())]);
  collecting.save();
  expect(collecting.state.get().report?.clean).toBe(true);
  expect(host.saved).toHaveLength(1);
  collecting.rename("After Wintergreen");
  collecting.save();
  expect(host.saved).toHaveLength(1);
});
