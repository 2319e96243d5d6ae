// Key images on the offline teaching page: shown with the answer, each alone in a larger window on a click.
import { add, button, byId } from "./dom.js";

/** @typedef {import("../teaching/play-data.ts").PlayData} PlayData */
/** @typedef {import("../teaching/play-data.ts").PlayPicture} PlayPicture */

/**
 * The drawing as an element; nothing in it runs (the page's policy, and `figureSvg` writes no script).
 * @param {PlayPicture} picture
 * @param {boolean} marked
 */
function drawing({ svg }, marked) {
  const made = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  if (!marked) for (const marks of made.querySelectorAll(".marks")) marks.remove();
  made.removeAttribute("width");
  made.removeAttribute("height");
  return document.importNode(made, true);
}

/** @param {PlayPicture} picture @returns {boolean[]} with marks or not, in the order shown */
const formsOf = ({ form }) => (form === "both" ? [false, true] : [form === "marked"]);

/** Nothing of the answer stays in the page. */
export function clearFigures() {
  const section = byId("pictures", HTMLElement);
  section.replaceChildren();
  section.hidden = true;
}

/** @param {PlayData} data */
export function showFigures({ pictures, words }) {
  clearFigures();
  if (pictures.length === 0) return;
  const section = byId("pictures", HTMLElement);
  section.hidden = false;
  add(section, "h2", words.keyImages);
  const grid = add(section, "div", undefined, "figures");
  pictures.forEach((picture, n) => {
    const figure = add(grid, "figure");
    const row = add(figure, "div", undefined, "pair");
    for (const marked of formsOf(picture)) {
      const open = button(row, "", () => enlarge(pictures, n, marked, words));
      open.className = "picture";
      open.setAttribute("aria-label", `${picture.caption}, ${marked ? words.withMarks : words.withoutMarks}`);
      open.appendChild(drawing(picture, marked));
    }
    add(figure, "figcaption", picture.caption);
  });
}

/**
 * @param {readonly PlayPicture[]} pictures
 * @param {number} first
 * @param {boolean} markedFirst
 * @param {PlayData["words"]} words
 */
function enlarge(pictures, first, markedFirst, words) {
  const dialog = byId("large", HTMLDialogElement);
  const state = { n: first, marked: markedFirst };
  const show = () => {
    const picture = pictures[state.n];
    const forms = formsOf(picture);
    if (!forms.includes(state.marked)) state.marked = forms[0];
    dialog.replaceChildren(drawing(picture, state.marked));
    add(dialog, "p", picture.caption);
    const row = add(dialog, "div", undefined, "row");
    button(row, "‹", () => step(-1)).setAttribute("aria-label", words.before);
    if (forms.length > 1)
      button(row, state.marked ? words.withoutMarks : words.withMarks, () => {
        state.marked = !state.marked;
        show();
      });
    button(row, "›", () => step(1)).setAttribute("aria-label", words.next);
    button(row, words.close, () => dialog.close());
  };
  const step = (/** @type {number} */ by) => {
    state.n = (state.n + by + pictures.length) % pictures.length;
    show();
  };
  dialog.onkeydown = ({ key }) => {
    if (key === "ArrowLeft") step(-1);
    if (key === "ArrowRight") step(1);
  };
  show();
  dialog.showModal();
}
