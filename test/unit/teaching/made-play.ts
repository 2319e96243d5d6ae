// A small teaching case as its page takes it, made by hand: two leaks, or what the test says.
import { pageWords } from "#cement/teaching/page-words";
import type { PlayData } from "#cement/teaching/play-data";

export const madePlay = (change: Partial<PlayData> = {}): PlayData => ({
  format: "cement-teaching-case",
  formatVersion: 1,
  locale: "en",
  caseId: "CASE-00AAFF",
  title: "After sacroplasty",
  history: "Woman, aged 65 to 69; sacrum.\nHas cement left the bone?",
  mimic: false,
  open: false,
  words: pageWords("en"),
  stack: {
    columns: 2,
    rows: 2,
    slices: 1,
    columnMm: 1,
    rowMm: 1,
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    positions: [[0, 0, 0]],
    lowestHu: -1024,
    stepHu: 1,
  },
  hu: "AAAA",
  labels: "AAAA",
  colors: [[2, "#69db7c"]],
  leaks: [
    { label: 2, name: "K1", site: 1, size: { ml: 0.3, intervalMl: null, text: "0.30 mL" }, at: [0, 0, 0] },
    { label: 3, name: "K2", site: 0, size: null, at: [1, 1, 0] },
  ],
  sites: ["Presacral space", "Anterior epidural space"],
  ranges: [
    { ml: [0, 0.1], text: "less than 0.1 mL" },
    { ml: [0.1, 0.5], text: "0.1 to 0.5 mL" },
  ],
  windows: [{ name: "Bone", widthHu: 2000, levelHu: 500 }],
  answer: [{ heading: "Answer", text: "Two cement leaks." }],
  pictures: [
    {
      caption: "K1, axial",
      form: "both",
      svg: '<svg xmlns="http://www.w3.org/2000/svg"><image href="data:image/png;base64,AAAA" /></svg>',
    },
  ],
  ...change,
});
