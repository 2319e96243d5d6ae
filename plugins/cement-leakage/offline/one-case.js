// The offline page of one teaching case.
import { byId } from "./dom.js";
import { play } from "./play.js";

/** What this program itself wrote into the page. */
const whole = byId("case", HTMLElement).textContent ?? "";
/** @type {import("../teaching/play-data.ts").PlayData} */
// oxlint-disable-next-line typescript/no-unsafe-assignment -- typed by the file that wrote it
const data = JSON.parse(whole);
await play(data, new AbortController().signal);
document.body.dataset.ready = "true";
