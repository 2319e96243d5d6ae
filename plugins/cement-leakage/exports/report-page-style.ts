// How the report page looks on A4 and on a screen.

import type { Locale } from "#core/problem";
import { html, type Html } from "./html.ts";
import { PAGE_WORDS as P } from "./report-page-words.ts";

/** Ink on paper: no colour is the only sign of anything. At the foot of each sheet stand what it is not for and its number. */
export const reportPageStyle = (locale: Locale): Html =>
  html`<style>
    @page {
      size: A4 portrait;
      margin: 9mm 13mm 12mm;
      @bottom-left {
        content: "${P.footer[locale]}";
        font:
          7.5pt system-ui,
          "Noto Sans CJK SC",
          sans-serif;
        color: #4a535d;
      }
      @bottom-right {
        content: counter(page) " / " counter(pages);
        font:
          7.5pt system-ui,
          sans-serif;
        color: #4a535d;
      }
    }
    * {
      box-sizing: border-box;
    }
    html {
      -webkit-print-color-adjust: exact;
      print-color-adjust: exact;
    }
    body {
      margin: 0;
      color: #16191d;
      background: #fff;
      font:
        8.5pt/1.3 "Segoe UI",
        Roboto,
        "Helvetica Neue",
        Arial,
        "Noto Sans",
        "Noto Sans CJK SC",
        "Noto Sans SC",
        "PingFang SC",
        "Microsoft YaHei",
        sans-serif;
    }
    main {
      max-width: 184mm;
      margin: 0 auto;
    }
    @media screen {
      main {
        padding: 11mm 0;
      }
    }
    h1 {
      font-size: 15pt;
      line-height: 1.2;
      margin: 0;
    }
    h2 {
      font-size: 9.5pt;
      margin: 2.2mm 0 0.8mm;
      padding-bottom: 0.3mm;
      border-bottom: 0.3mm solid #aab2bb;
      break-after: avoid;
    }
    p {
      margin: 0 0 0.6mm;
    }
    header {
      display: flex;
      justify-content: space-between;
      gap: 6mm;
      align-items: flex-start;
    }
    header p {
      color: #4a535d;
    }
    .signed {
      flex: none;
      max-width: 66mm;
      text-align: right;
    }
    .status {
      display: inline-block;
      margin-bottom: 0.6mm;
      border: 0.5mm solid currentColor;
      border-radius: 1mm;
      padding: 0.4mm 2.4mm;
      font-size: 11pt;
      font-weight: 700;
    }
    .status-draft {
      color: #b02a1c;
    }
    .status-final,
    .status-amended {
      color: #17603a;
    }
    .urgent {
      margin: 2.2mm 0 0;
      padding: 1.4mm 3mm;
      border: 0.5mm solid #b3151b;
      border-left-width: 2.4mm;
      color: #a01017;
      background: #fdf1f0;
      break-inside: avoid;
    }
    .urgent h2 {
      margin: 0 0 0.6mm;
      border: 0;
      padding: 0;
      font-size: 11pt;
      text-transform: uppercase;
      letter-spacing: 0.04em;
    }
    .urgent ul {
      margin: 0;
      padding-left: 4.5mm;
      font-size: 10pt;
    }
    .urgent b {
      font-weight: 700;
    }
    .answer {
      margin: 2.2mm 0 0;
      font-size: 11pt;
      line-height: 1.3;
      font-weight: 600;
    }
    .pictures {
      display: grid;
      gap: 2.5mm;
      margin-top: 1.5mm;
    }
    figure {
      margin: 0;
      break-inside: avoid;
    }
    figure img,
    .no-picture {
      display: block;
      width: 100%;
      aspect-ratio: 28 / 33;
      object-fit: contain;
      background: #000;
    }
    .no-picture {
      background: #eceff2;
      color: #4a535d;
      display: grid;
      place-items: center;
      border: 0.3mm dashed #8d97a2;
      aspect-ratio: 2.2;
      text-align: center;
      padding: 2mm;
    }
    figcaption {
      font-size: 8pt;
      line-height: 1.25;
      margin-top: 0.6mm;
    }
    figcaption data {
      white-space: nowrap;
    }
    figcaption small {
      color: #4a535d;
    }
    table {
      width: 100%;
      border-collapse: collapse;
      font-size: 8pt;
      line-height: 1.2;
    }
    thead {
      display: table-header-group;
    }
    tr {
      break-inside: avoid;
    }
    th {
      text-align: left;
      font-weight: 600;
      color: #4a535d;
      font-size: 7.5pt;
    }
    th,
    td {
      padding: 0.6mm 1.6mm 0.6mm 0;
      vertical-align: top;
      border-bottom: 0.2mm solid #d5dae0;
    }
    th small,
    td small {
      display: block;
      font-size: 7pt;
      font-weight: 400;
      color: #4a535d;
    }
    td data,
    td b,
    td small.numbers {
      white-space: nowrap;
    }
    .red {
      color: #a01017;
    }
    .beside {
      display: grid;
      grid-template-columns: 1fr 1fr;
      gap: 5mm;
    }
    td svg,
    figcaption svg {
      width: 3.4mm;
      height: 3.4mm;
      vertical-align: -0.6mm;
      margin-right: 0.8mm;
    }
    .nowrap {
      white-space: nowrap;
    }
    .fine {
      font-size: 7.5pt;
      color: #333b44;
    }
    footer {
      margin-top: 2mm;
      padding-top: 1mm;
      border-top: 0.3mm solid #aab2bb;
      font-size: 8pt;
      break-inside: avoid;
    }
    .watermark {
      position: fixed;
      left: 0;
      right: 0;
      top: 42%;
      text-align: center;
      font-size: 72pt;
      font-weight: 800;
      letter-spacing: 0.12em;
      color: #b02a1c;
      opacity: 0.09;
      transform: rotate(-32deg);
      pointer-events: none;
      z-index: 2;
      white-space: nowrap;
    }
  </style>`;
