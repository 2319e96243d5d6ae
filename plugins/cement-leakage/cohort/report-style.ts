// How the report looks, on the screen and on A4.
import { html } from "../exports/html.ts";

export const REPORT_STYLE = html`<style>
  @page {
    size: A4;
    margin: 14mm;
  }
  body {
    color: #16191d;
    background: #fff;
    font:
      10.5pt/1.45 system-ui,
      "Noto Sans CJK SC",
      sans-serif;
    max-width: 190mm;
    margin: 0 auto;
    padding: 8mm;
  }
  @media print {
    body {
      padding: 0;
    }
  }
  h1 {
    font-size: 18pt;
    margin: 0 0 2mm;
  }
  h2 {
    font-size: 13pt;
    margin: 7mm 0 2mm;
    border-bottom: 1px solid #ced4da;
  }
  h3 {
    font-size: 10.5pt;
    margin: 4mm 0 1mm;
  }
  h2,
  h3 {
    break-after: avoid-page;
  }
  tr,
  li,
  svg,
  .together {
    break-inside: avoid-page;
  }
  table {
    border-collapse: collapse;
    width: 100%;
    font-size: 9.5pt;
  }
  th,
  td {
    text-align: left;
    padding: 1mm 2mm;
    border-bottom: 1px solid #e9ecef;
    vertical-align: top;
    font-variant-numeric: tabular-nums;
  }
  td:nth-child(2) {
    min-width: 42mm;
  }
  .hash {
    font-family: monospace;
    font-size: 8.5pt;
    overflow-wrap: anywhere;
  }
  .figures td:not(:first-child) {
    white-space: nowrap;
  }
  svg {
    display: block;
    max-width: 100%;
    height: auto;
  }
  .warn {
    border-left: 3px solid #e8590c;
    padding-left: 3mm;
  }
  .small,
  small {
    font-size: 8.5pt;
    color: #495057;
  }
  ul {
    margin: 1mm 0;
    padding-left: 6mm;
  }
</style>`;
