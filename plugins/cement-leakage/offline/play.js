// The offline teaching page: scroll, mark the leaks, answer, then see the overlay, the score and the explanation. No network, no library.
import { add, button, byId, choice, filled } from "./dom.js";
import { drawCross, drawOutlines, rgbOf } from "./lines.js";
import { listen } from "./listen.js";
import { judgeMarks, leakVoxels, pointOf, scoreOf, sizeIsRight } from "./scoring.js";
import { unpackVoxels } from "./unpack.js";

/** @typedef {import("../teaching/play-data.ts").PlayData} PlayData */

/** @param {PlayData} data @param {Uint8Array | Uint16Array} stored @param {Uint8Array} labels */
function play(data, stored, labels) {
  const { stack, leaks, words } = data;
  const { columns, rows, slices } = stack;
  const canvas = byId("image", HTMLCanvasElement);
  const slider = byId("slice", HTMLInputElement);
  const steps = byId("steps", HTMLElement);
  const voxels = leakVoxels(
    stack,
    labels,
    leaks.map(({ label }) => label),
  );
  const colors = new Map(data.colors.map(([label, color]) => [label, rgbOf(color)]));
  const state = {
    k: Math.floor(slices / 2),
    window: data.windows[0],
    overlay: false,
    marking: !data.open,
    cursor: [Math.floor(columns / 2), Math.floor(rows / 2)],
    cursorShown: false,
    marks: /** @type {{ i: number, j: number, k: number }[]} */ ([]),
    judged: /** @type {ReturnType<typeof judgeMarks>} */ ([]),
  };
  canvas.width = columns;
  canvas.height = rows;
  canvas.style.aspectRatio = `${columns * stack.columnMm} / ${rows * stack.rowMm}`;
  slider.max = String(slices);
  const context = canvas.getContext("2d");
  const overlayCanvas = byId("marks", HTMLCanvasElement);
  const drawing = overlayCanvas.getContext("2d");

  function draw() {
    if (!context) return;
    const image = context.createImageData(columns, rows);
    const { widthHu, levelHu } = state.window;
    const start = state.k * rows * columns;
    for (let at = 0; at < rows * columns; at++) {
      const hu = stored[start + at] * stack.stepHu + stack.lowestHu;
      const grey = Math.max(0, Math.min(255, Math.round((255 * (hu - levelHu + widthHu / 2)) / widthHu)));
      image.data[4 * at] = image.data[4 * at + 1] = image.data[4 * at + 2] = grey;
      image.data[4 * at + 3] = 255;
    }
    context.putImageData(image, 0, 0);
    drawMarks();
    slider.value = String(state.k + 1);
    const at = `${state.k + 1} / ${slices}`;
    byId("where", HTMLElement).textContent = `${words.slice} ${at} · W ${widthHu} L ${levelHu}`;
    slider.setAttribute("aria-valuetext", at);
    document.body.dataset.slice = String(state.k);
    for (const one of document.querySelectorAll("[data-window]"))
      one.setAttribute("aria-pressed", String(one.getAttribute("data-window") === state.window.name));
  }

  /** Outlines and marks in the pixels of the screen, so that they stay thin. */
  function drawMarks() {
    if (!drawing) return;
    const box = canvas.getBoundingClientRect();
    const ratio = window.devicePixelRatio || 1;
    overlayCanvas.width = Math.round(box.width * ratio);
    overlayCanvas.height = Math.round(box.height * ratio);
    const x = overlayCanvas.width / columns;
    const y = overlayCanvas.height / rows;
    if (state.overlay) drawOverlay(drawing, x, y, ratio);
    drawing.lineWidth = 2 * ratio;
    drawing.font = `${14 * ratio}px sans-serif`;
    state.marks.forEach((one, n) => {
      if (one.k !== state.k) return;
      drawCross(drawing, (one.i + 0.5) * x, (one.j + 0.5) * y, 9 * ratio, "#ffd43b");
      drawing.fillStyle = "#ffd43b";
      drawing.fillText(String(n + 1), (one.i + 0.5) * x + 11 * ratio, (one.j + 0.5) * y - 6 * ratio);
    });
    if (state.cursorShown && state.marking)
      drawCross(drawing, (state.cursor[0] + 0.5) * x, (state.cursor[1] + 0.5) * y, 16 * ratio, "#74c0fc");
  }

  /** @param {CanvasRenderingContext2D} to @param {number} x @param {number} y @param {number} ratio */
  function drawOverlay(to, x, y, ratio) {
    const start = state.k * rows * columns;
    to.lineWidth = 1.5 * ratio;
    drawOutlines(to, { columns, rows, x, y }, labels.subarray(start, start + rows * columns), colors);
    to.font = `bold ${14 * ratio}px sans-serif`;
    for (const leak of leaks) {
      if (leak.at[2] !== state.k) continue;
      to.fillStyle = `rgb(${(colors.get(leak.label) ?? [255, 255, 255]).join()})`;
      to.fillText(leak.name, (leak.at[0] + 6) * x, (leak.at[1] - 4) * y);
    }
  }

  /** @param {number} k */
  function show(k) {
    state.k = Math.max(0, Math.min(slices - 1, k));
    draw();
  }

  /** @param {number} i @param {number} j */
  function mark(i, j) {
    if (!state.marking) return;
    state.marks.push({ i, j, k: state.k });
    drawMarks();
    askWhere();
  }

  function askWhere() {
    steps.replaceChildren();
    add(steps, "h2", words.where);
    add(steps, "p", words.whereHint, "hint");
    const list = add(steps, "ol");
    state.marks.forEach((one, n) => {
      const item = add(list, "li", filled(words.markAt, { slice: one.k + 1 }));
      button(item, "✕", () => {
        state.marks.splice(n, 1);
        drawMarks();
        askWhere();
      }).setAttribute("aria-label", filled(words.removeMark, { number: n + 1 }));
    });
    const row = add(steps, "div", undefined, "row");
    if (state.marks.length > 0) button(row, words.checkMarks, judge, "check-marks").className = "main";
    else button(row, words.noLeak, judge, "no-leak");
    button(row, words.showAnswers, () => explain(null), "show-answers");
  }

  function judge() {
    state.marking = false;
    state.judged = judgeMarks(
      state.marks.map(({ i, j, k }) => pointOf(stack, i, j, k)),
      voxels,
    );
    setOverlay(true);
    steps.replaceChildren();
    tellMarks(steps);
    if (leaks.length === 0) return explain([]);
    askWhich();
  }

  /** @param {HTMLElement} to */
  function tellMarks(to) {
    add(to, "h2", words.yourMarks);
    const list = add(to, "ol", undefined, "judged");
    list.id = "judged";
    state.judged.forEach(({ leak, distanceMm, again }) => {
      const distance = distanceMm === null ? "" : distanceMm.toFixed(1);
      const text =
        leak !== null
          ? filled(again ? words.markAgain : words.markRight, { leak: leaks[leak].name, distance })
          : filled(distance === "" ? words.markNoLeaks : words.markWrong, { distance });
      const item = add(list, "li", `${leak !== null ? "✓" : "✗"} ${text}`);
      item.dataset.right = String(leak !== null);
      if (distanceMm !== null) item.dataset.distance = distanceMm.toFixed(3);
    });
    const missed = leaks.filter((_, n) => !state.judged.some(({ leak }) => leak === n));
    for (const leak of missed) {
      const told = add(to, "p", `✗ ${filled(words.missed, { leak: leak.name })} `, "missed");
      button(told, words.showIt, () => show(leak.at[2]));
    }
    if (state.judged.length === 0 && leaks.length === 0) add(to, "p", `✓ ${words.rightlyNone}`);
  }

  function askWhich() {
    add(steps, "h2", words.whichSite);
    const asked = leaks.map((leak, n) => {
      const group = add(steps, "fieldset");
      const legend = add(group, "legend", `${leak.name} `);
      button(legend, words.showIt, () => show(leak.at[2]));
      const site = choice(group, words.site, data.sites, `site-${n}`);
      const size = leak.size
        ? choice(
            group,
            words.size,
            data.ranges.map(({ text }) => text),
            `size-${n}`,
          )
        : null;
      return { leak, site, size };
    });
    const check = () =>
      explain(
        asked.map(({ leak, site, size }) => ({
          site: Number(site.value) === leak.site,
          size:
            size && leak.size
              ? size.value !== "" && sizeIsRight(data.ranges[Number(size.value)].ml, leak.size)
              : null,
        })),
      );
    button(steps, words.check, check, "check-answers").className = "main";
    show(leaks[0].at[2]);
  }

  /** @param {{ readonly site: boolean, readonly size: boolean | null }[] | null} answers null: only shown */
  function explain(answers) {
    state.marking = false;
    setOverlay(true);
    steps.replaceChildren();
    if (answers) {
      const { points, most, wrongMarks } = scoreOf(leaks.length, state.judged, answers);
      const score = add(steps, "p", filled(words.score, { points, most }), "score");
      score.id = "score";
      score.dataset.points = String(points);
      score.dataset.most = String(most);
      if (wrongMarks > 0) add(steps, "p", filled(words.wrongMarks, { count: wrongMarks }), "hint");
      tellMarks(steps);
    }
    leaks.forEach((leak, n) => {
      const told = add(
        steps,
        "p",
        `${leak.name}: ${data.sites[leak.site]}${leak.size ? `, ${leak.size.text}` : ""} `,
      );
      told.dataset.leak = leak.name;
      const answer = answers?.[n];
      if (answer) {
        add(told, "span", `${answer.site ? "✓" : "✗"} ${words.site} `).dataset.site = String(answer.site);
        if (answer.size !== null)
          add(told, "span", `${answer.size ? "✓" : "✗"} ${words.size} `).dataset.size = String(answer.size);
      }
      button(told, words.showIt, () => show(leak.at[2]));
    });
    for (const { heading, text } of data.answer) {
      add(steps, "h2", heading);
      for (const paragraph of text.split("\n").filter(Boolean)) add(steps, "p", paragraph);
    }
    for (const { caption, source } of data.pictures) {
      const figure = add(steps, "figure");
      const image = add(figure, "img");
      image.src = source;
      image.alt = caption;
      add(figure, "figcaption", caption);
    }
    button(steps, words.again, restart, "again");
    document.body.dataset.step = "answers";
  }

  /** @param {boolean} on */
  function setOverlay(on) {
    state.overlay = on;
    const toggle = byId("overlay", HTMLElement);
    toggle.hidden = state.marking;
    toggle.setAttribute("aria-pressed", String(on));
    drawMarks();
  }

  function restart() {
    Object.assign(state, { marking: true, marks: [], judged: [] });
    document.body.dataset.step = "marks";
    setOverlay(false);
    askWhere();
  }

  listen(stack, {
    slice: () => state.k,
    show,
    mark,
    moveCursor(dx, dy) {
      state.cursorShown = true;
      state.cursor = [
        Math.max(0, Math.min(columns - 1, state.cursor[0] + dx)),
        Math.max(0, Math.min(rows - 1, state.cursor[1] + dy)),
      ];
      drawMarks();
    },
    markCursor() {
      if (state.cursorShown) mark(state.cursor[0], state.cursor[1]);
    },
  });
  for (const one of data.windows) {
    const choose = () => {
      state.window = one;
      draw();
    };
    button(byId("windows", HTMLElement), one.name, choose).dataset.window = one.name;
  }
  byId("overlay", HTMLElement).addEventListener("click", () => setOverlay(!state.overlay));
  window.addEventListener("resize", drawMarks);
  if (data.open) explain(null);
  else restart();
  show(data.open && leaks.length > 0 ? leaks[0].at[2] : state.k);
  document.body.dataset.ready = "true";
}

/** What this program itself wrote into the page. */
const whole = byId("case", HTMLElement).textContent ?? "";
/** @type {PlayData} */
// oxlint-disable-next-line typescript/no-unsafe-assignment -- typed by the file that wrote it
const data = JSON.parse(whole);
const [stored, labels] = await Promise.all([unpackVoxels(data.hu), unpackVoxels(data.labels)]);
play(data, stored, Uint8Array.from(labels));
