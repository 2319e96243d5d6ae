// A case of the offline teaching page as an unknown: mark the leaks, answer, then see the overlay, the score and the explanation.
import { add, button, byId, choice, filled } from "./dom.js";
import { clearFigures, showFigures } from "./figures.js";
import { judgeMarks, leakVoxels, pointOf, scoreOf, sizeIsRight } from "./scoring.js";
import { unpackVoxels } from "./unpack.js";
import { openViewer } from "./viewer.js";

/** @typedef {import("../teaching/play-data.ts").PlayData} PlayData */
/** @typedef {import("./scoring.js").CaseResult} CaseResult */
/**
 * @typedef {object} Ending what follows the explanation
 * @property {string} text
 * @property {string} id
 * @property {() => void} run
 */

/**
 * Plays one case in the page's elements until `signal`.
 * @param {PlayData} data
 * @param {AbortSignal} signal
 * @param {{ readonly answered?: (result: CaseResult) => void, readonly ending?: Ending }} [around] a case alone starts again
 */
export async function play(data, signal, { answered, ending } = {}) {
  const { stack, leaks, words } = data;
  const [stored, packedLabels] = await Promise.all([unpackVoxels(data.hu), unpackVoxels(data.labels)]);
  const labels = Uint8Array.from(packedLabels);
  const steps = byId("steps", HTMLElement);
  const voxels = leakVoxels(
    stack,
    labels,
    leaks.map(({ label }) => label),
  );
  let marks = /** @type {import("./viewer.js").Mark[]} */ ([]);
  let judged = /** @type {ReturnType<typeof judgeMarks>} */ ([]);
  const mark = (/** @type {import("./viewer.js").Mark} */ one) => setMarks([...marks, one]);
  const viewer = openViewer(data, stored, labels, mark, signal);

  /** @param {import("./viewer.js").Mark[]} changed */
  function setMarks(changed) {
    marks = changed;
    viewer.setMarks(marks);
    askWhere();
  }

  /** @param {"marks" | "site" | "answers"} step */
  function begin(step) {
    steps.replaceChildren();
    document.body.dataset.step = step;
  }

  function askWhere() {
    begin("marks");
    add(steps, "h2", words.where);
    add(steps, "p", words.whereHint, "hint");
    const list = add(steps, "ol");
    marks.forEach((one, n) => {
      const item = add(list, "li");
      button(item, filled(words.markAt, { slice: one.k + 1 }), () => viewer.bring(one.k));
      const without = () => setMarks(marks.filter((_, other) => other !== n));
      button(item, "✕", without).setAttribute("aria-label", filled(words.removeMark, { number: n + 1 }));
    });
    const row = add(steps, "div", undefined, "row");
    if (marks.length > 0) button(row, words.checkMarks, judge, "check-marks").className = "main";
    else button(row, words.noLeak, judge, "no-leak").className = "main";
    if (!answered) button(row, words.showAnswers, () => explain(null), "show-answers");
  }

  function judge() {
    judged = judgeMarks(
      marks.map(({ i, j, k }) => pointOf(stack, i, j, k)),
      voxels,
    );
    viewer.setMarking(false);
    viewer.setOverlay(true);
    if (leaks.length === 0) return explain([]);
    begin("site");
    tellMarks();
    askWhich();
  }

  function tellMarks() {
    add(steps, "h2", words.yourMarks);
    const list = add(steps, "ol", undefined, "judged");
    list.id = "judged";
    judged.forEach(({ leak, distanceMm, again }) => {
      const distance = distanceMm === null ? "" : distanceMm.toFixed(1);
      const text =
        leak !== null
          ? filled(again ? words.markAgain : words.markRight, { leak: leaks[leak].name, distance })
          : filled(distance === "" ? words.markNoLeaks : words.markWrong, { distance });
      const item = add(list, "li", `${leak !== null ? "✓" : "✗"} ${text}`);
      item.dataset.right = String(leak !== null);
      if (distanceMm !== null) item.dataset.distance = distanceMm.toFixed(3);
    });
    const missed = leaks.filter((_, n) => !judged.some(({ leak }) => leak === n));
    for (const leak of missed) {
      const told = add(steps, "p", `✗ ${filled(words.missed, { leak: leak.name })} `, "missed");
      button(told, words.showIt, () => viewer.bring(leak.at[2]));
    }
    if (judged.length === 0 && leaks.length === 0) add(steps, "p", `✓ ${words.rightlyNone}`, "right");
  }

  function askWhich() {
    add(steps, "h2", words.whichSite);
    const asked = leaks.map((leak, n) => {
      const group = add(steps, "fieldset");
      const legend = add(group, "legend", `${leak.name} `);
      button(legend, words.showIt, () => viewer.bring(leak.at[2]));
      const site = choice(group, words.site, data.sites, `site-${n}`);
      const ranges = data.ranges.map(({ text }) => text);
      const size = leak.size ? choice(group, words.size, ranges, `size-${n}`) : null;
      return { leak, site, size };
    });
    const chosen = (/** @type {HTMLSelectElement | null} */ one) =>
      !one || one.value === "" ? null : Number(one.value);
    const check = () =>
      explain(
        asked.map(({ leak, site, size }) => ({
          siteAnswered: chosen(site),
          site: chosen(site) === leak.site,
          sizeAnswered: chosen(size),
          size: leak.size && sizeAnswer(chosen(size), leak.size),
        })),
      );
    button(steps, words.check, check, "check-answers").className = "main";
    viewer.show(leaks[0].at[2]);
  }

  /** @param {number | null} range @param {NonNullable<PlayData["leaks"][number]["size"]>} size */
  const sizeAnswer = (range, size) => range !== null && sizeIsRight(data.ranges[range].ml, size);

  /** @param {import("./scoring.js").LeakAnswer[] | null} answers null: only shown */
  function explain(answers) {
    viewer.setMarking(false);
    viewer.setOverlay(true);
    begin("answers");
    if (answers) {
      const { points, most, wrongMarks } = scoreOf(leaks.length, judged, answers);
      const score = add(steps, "p", filled(words.score, { points, most }), "score");
      score.id = "score";
      score.dataset.points = String(points);
      score.dataset.most = String(most);
      if (wrongMarks > 0) add(steps, "p", filled(words.wrongMarks, { count: wrongMarks }), "hint");
      tellMarks();
      answered?.({ points, most, wrongMarks, judged, answers });
    }
    tellLeaks(answers);
    for (const { heading, text } of data.answer) {
      add(steps, "h2", heading);
      for (const paragraph of text.split("\n").filter(Boolean)) add(steps, "p", paragraph);
    }
    const { text, id, run } = ending ?? { text: words.again, id: "again", run: restart };
    button(steps, text, run, id).className = ending ? "main" : "";
    showFigures(data);
  }

  /** @param {import("./scoring.js").LeakAnswer[] | null} answers */
  function tellLeaks(answers) {
    leaks.forEach((leak, n) => {
      const size = leak.size ? `, ${leak.size.text}` : "";
      const told = add(steps, "p", `${leak.name}: ${data.sites[leak.site]}${size} `);
      told.dataset.leak = leak.name;
      const answer = answers?.[n];
      if (answer) {
        add(told, "span", `${answer.site ? "✓" : "✗"} ${words.site} `).dataset.site = String(answer.site);
        if (answer.size !== null)
          add(told, "span", `${answer.size ? "✓" : "✗"} ${words.size} `).dataset.size = String(answer.size);
      }
      button(told, words.showIt, () => viewer.bring(leak.at[2]));
    });
  }

  function restart() {
    judged = [];
    clearFigures();
    viewer.setMarking(true);
    viewer.setOverlay(false);
    setMarks([]);
  }

  if (data.open) {
    explain(null);
    if (leaks.length > 0) viewer.show(leaks[0].at[2]);
  } else restart();
}
