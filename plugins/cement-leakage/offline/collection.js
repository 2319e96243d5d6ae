// The offline page of several cases: shuffled, one after the other, then the points by site and the answers as a table.
import { answersCsv, scoresBySite, shuffled } from "./answers.js";
import { add, button, byId, filled } from "./dom.js";
import { clearFigures } from "./figures.js";
import { play } from "./play.js";

/** @typedef {import("../teaching/play-data.ts").PlayData} PlayData */

/** @param {string} id @returns {any} what this program itself wrote into the page */
const written = (id) => JSON.parse(byId(id, HTMLElement).textContent ?? "");

/** @type {ReturnType<typeof import("../teaching/page-words.ts").collectionWords>} */
// oxlint-disable-next-line typescript/no-unsafe-assignment -- typed by the file that wrote it
const words = written("words");
const count = Number(byId("count", HTMLElement).textContent);
/** A case is unpacked when its turn comes. @param {number} n @returns {PlayData} */
// oxlint-disable-next-line typescript/no-unsafe-return -- typed by the file that wrote it
const caseOf = (n) => written(`case-${n}`);

const learner = byId("learner", HTMLInputElement);
const history = byId("history", HTMLElement);
const heading = byId("heading", HTMLElement);

function begin() {
  const order = shuffled(
    Array.from({ length: count }, (_, n) => n),
    Math.random,
  );
  const answered = /** @type {import("./answers.js").Answered[]} */ ([]);
  byId("start", HTMLElement).hidden = true;
  byId("result", HTMLElement).hidden = true;
  byId("playing", HTMLElement).hidden = false;

  /** @param {number} position */
  async function next(position) {
    const data = caseOf(order[position]);
    const playing = new AbortController();
    clearFigures();
    heading.textContent = filled(words.caseOf, { number: position + 1, count });
    history.replaceChildren();
    for (const line of data.history.split("\n")) add(history, "p", line);
    document.body.dataset.case = data.caseId;
    window.scrollTo(0, 0);
    const last = position + 1 === count;
    await play({ ...data, open: false }, playing.signal, {
      answered: (result) => {
        answered.push({ data, result });
        heading.textContent = `${filled(words.caseOf, { number: position + 1, count })}: ${data.title}`;
      },
      ending: {
        text: last ? words.toResult : words.nextCase,
        id: "next-case",
        run: () => {
          playing.abort();
          if (last) tell(answered);
          else void next(position + 1);
        },
      },
    });
  }
  void next(0);
}

/** @param {readonly import("./answers.js").Answered[]} answered */
function tell(answered) {
  clearFigures();
  byId("playing", HTMLElement).hidden = true;
  const result = byId("result", HTMLElement);
  result.hidden = false;
  result.replaceChildren();
  add(result, "h2", words.result);
  const sum = (/** @type {"points" | "most"} */ key) =>
    answered.reduce((before, one) => before + one.result[key], 0);
  const [points, most] = [sum("points"), sum("most")];
  const score = add(result, "p", filled(words.score, { points, most }), "score");
  score.id = "total";
  score.dataset.points = String(points);
  score.dataset.most = String(most);
  const without = answered.filter(({ data }) => data.leaks.length === 0);
  const rightly = without.filter(({ result: one }) => one.wrongMarks === 0).length;
  if (without.length > 0)
    add(result, "p", filled(words.withoutLeak, { right: rightly, count: without.length }));
  const table = add(result, "table");
  const head = add(table, "tr");
  for (const text of [words.site, words.leaks, words.marked, words.named, words.sized]) add(head, "th", text);
  for (const { site, leaks, marked, named, sized, sizes } of scoresBySite(answered)) {
    const row = add(table, "tr");
    add(row, "td", site);
    for (const text of [String(leaks), `${marked} / ${leaks}`, `${named} / ${leaks}`, `${sized} / ${sizes}`])
      add(row, "td", text, "number");
  }
  const row = add(result, "div", undefined, "row");
  button(row, words.saveAnswers, () => save(answersCsv(learner.value.trim(), answered)), "save-answers");
  button(row, words.again, begin, "again");
}

/** Saved on this machine; nothing is sent. @param {string} text */
function save(text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\uFEFF", text], { type: "text/csv;charset=utf-8" }));
  link.download = "answers.csv";
  link.click();
  URL.revokeObjectURL(link.href);
}

button(byId("start", HTMLElement), words.begin, begin, "begin").className = "main";
document.body.dataset.ready = "true";
