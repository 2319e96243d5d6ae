// The cohort's pictures as SVG text: forest plot, trend, funnel, boxes. Ink comes from CSS variables, so that they serve both themes and paper.
import type { Locale } from "#core/problem";
import type { FunnelPoint } from "./compare-groups.ts";
import type { OutcomeLine } from "./outcomes.ts";
import type { BlandAltman, Pair } from "./paired.ts";
import type { Proportion } from "./proportions.ts";
import { node, type SvgNode } from "./svg.ts";
import { showsPercent } from "./tables.ts";
import type { Trend } from "./trend.ts";

const INK = "var(--chart-ink, #16191d)";
const DIM = "var(--chart-dim, #868e96)";
const GRID = "var(--chart-grid, #dee2e6)";
const MARK = "var(--chart-mark, #1864ab)";
const ALARM = "var(--chart-alarm, #c92a2a)";

const frame = (width: number, height: number, title: string, body: readonly SvgNode[]): SvgNode =>
  node(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: "img",
      "aria-label": title,
      fontFamily: "system-ui, 'Noto Sans CJK SC', sans-serif",
      fontSize: 12,
      fill: INK,
    },
    body,
  );

const one = (value: number): string => value.toFixed(1);
const label = (
  x: number,
  y: number,
  text: string,
  textAnchor: "start" | "middle" | "end" = "start",
  fill = INK,
): SvgNode => node("text", { x: one(x), y: one(y), textAnchor, fill, dominantBaseline: "middle" }, [text]);
const line = (
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  stroke = GRID,
  strokeWidth = 1,
  strokeDasharray = "none",
): SvgNode =>
  node("line", { x1: one(x1), y1: one(y1), x2: one(x2), y2: one(y2), stroke, strokeWidth, strokeDasharray });
const curve = (
  points: readonly (readonly [number, number])[],
  stroke: string,
  strokeWidth = 1,
  strokeDasharray = "none",
): SvgNode =>
  node("polyline", {
    points: points.map(([x, y]) => `${one(x)},${one(y)}`).join(" "),
    fill: "none",
    stroke,
    strokeWidth,
    strokeDasharray,
  });
const dot = (cx: number, cy: number, r: number, fill: string, stroke: string, title = ""): SvgNode =>
  node(
    "circle",
    { cx: one(cx), cy: one(cy), r, fill, stroke, strokeWidth: 2 },
    title === "" ? [] : [node("title", {}, [title])],
  );

export interface ForestRow {
  readonly label: string;
  readonly proportion: Proportion;
  /** Grey, with the reasons as a title: not comparable. */
  readonly dimmed?: string;
  /** A gap before it. */
  readonly apart?: boolean;
  /** Not to be told: under five. */
  readonly hidden?: boolean;
}

/** "12/35 = 34 % (21 to 51)"; without percent below ten. */
export function rateText({ count, of, share, wilson }: Proportion, locale: Locale): string {
  if (of === 0 || share === null || !wilson) return locale === "zh" ? "无" : "none asked";
  const [low, high] = wilson.map((value) => (100 * value).toFixed(0));
  return showsPercent({ count, of, share, wilson })
    ? `${count}/${of} = ${(100 * share).toFixed(0)} % (${low}–${high})`
    : `${count}/${of}`;
}

/** Shares with their Wilson intervals from 0 to the largest end, in the order given. */
export function forestPlot(rows: readonly ForestRow[], title: string, locale: Locale): SvgNode {
  const [names, plot, values, rowHeight] = [230, 300, 190, 24];
  const width = names + plot + values;
  const most = Math.min(
    1,
    Math.max(0.1, ...rows.map(({ proportion }) => proportion.wilson?.[1] ?? 0)) * 1.05,
  );
  const x = (share: number) => names + (plot * share) / most;
  const step = most > 0.6 ? 0.2 : most > 0.3 ? 0.1 : 0.05;
  const ticks = Array.from({ length: Math.floor(most / step) + 1 }, (_, n) => n * step);
  let y = 16;
  const body: SvgNode[] = [];
  for (const row of rows) {
    if (row.apart) y += 10;
    const { share, wilson } = row.proportion;
    const color = row.dimmed === undefined ? MARK : DIM;
    body.push(label(names - 10, y, row.label, "end", row.dimmed === undefined ? INK : DIM));
    if (!row.hidden && share !== null && wilson)
      body.push(
        line(x(wilson[0]), y, x(wilson[1]), y, color, 2),
        node("rect", { x: one(x(share) - 4), y: one(y - 4), width: 8, height: 8, fill: color }, [
          node("title", {}, [row.dimmed ?? row.label]),
        ]),
      );
    body.push(
      label(
        names + plot + 10,
        y,
        row.hidden ? "< 5" : rateText(row.proportion, locale),
        "start",
        row.dimmed === undefined ? INK : DIM,
      ),
    );
    y += rowHeight;
  }
  const grid = ticks.flatMap((tick) => [
    line(x(tick), 4, x(tick), y - 8),
    label(x(tick), y + 4, `${Math.round(100 * tick)} %`, "middle", DIM),
  ]);
  return frame(width, y + 16, title, [...grid, ...body]);
}

/** Periods against their limits; beyond is said by a ring as well as by colour. */
export function trendChart({ chart }: Trend, title: string): SvgNode {
  const [left, height, bottom] = [44, 190, 40];
  const { points, centre } = chart;
  const gap = Math.max(26, Math.min(70, 620 / Math.max(1, points.length)));
  const width = left + gap * Math.max(1, points.length) + 20;
  const most = Math.min(
    1,
    Math.max(0.2, ...points.map(({ limits, rate }) => Math.max(limits[1], rate.share ?? 0))) * 1.05,
  );
  const y = (share: number) => 10 + height * (1 - share / most);
  const x = (n: number) => left + gap * (n + 0.5);
  const grid = [0, 0.25, 0.5, 0.75, 1]
    .map((part) => part * most)
    .flatMap((share) => [
      line(left, y(share), width - 10, y(share)),
      label(left - 6, y(share), `${Math.round(100 * share)} %`, "end", DIM),
    ]);
  const steps = points.flatMap(({ limits }, n) => [
    line(x(n) - gap / 2, y(limits[1]), x(n) + gap / 2, y(limits[1]), DIM, 1.5, "4 3"),
    line(x(n) - gap / 2, y(limits[0]), x(n) + gap / 2, y(limits[0]), DIM, 1.5, "4 3"),
  ]);
  const path = points.map(({ rate }, n) => [x(n), y(rate.share ?? 0)] as const);
  const marks = points.flatMap(({ rate, signal, label: name }, n) => [
    dot(
      x(n),
      y(rate.share ?? 0),
      signal ? 6 : 4,
      signal ? "none" : MARK,
      signal ? ALARM : MARK,
      `${name}: ${rate.count}/${rate.of}`,
    ),
    ...(points.length <= 14 || n % Math.ceil(points.length / 14) === 0
      ? [label(x(n), height + 24, name, "middle", DIM)]
      : []),
  ]);
  const middle = centre === null ? [] : [line(left, y(centre), width - 10, y(centre), INK, 1.5)];
  return frame(width, height + bottom, title, [
    ...grid,
    ...steps,
    ...middle,
    curve(path, MARK, 1.5),
    ...marks,
  ]);
}

/** A line over cases in their order: CUSUM, or the rate of the last twenty. */
export function sequenceChart(values: readonly number[], title: string): SvgNode {
  const [left, width, height] = [44, 660, 150];
  const most = Math.max(1e-9, ...values);
  const x = (n: number) => left + ((width - left - 10) * n) / Math.max(1, values.length - 1);
  const y = (value: number) => 10 + height * (1 - value / most);
  const path = values.map((value, n) => [x(n), y(value)] as const);
  return frame(width, height + 30, title, [
    line(left, y(0), width - 10, y(0)),
    label(left - 6, y(0), "0", "end", DIM),
    label(left - 6, y(most), most < 1 ? most.toFixed(2) : most.toFixed(1), "end", DIM),
    curve(path, MARK, 2),
  ]);
}

/** Operators by their number of procedures, with 95 % and 99.8 % limits: no ranking. */
export function funnelPlot(points: readonly FunnelPoint[], title: string): SvgNode {
  const [left, width, height] = [44, 660, 220];
  const mostOf = Math.max(1, ...points.map(({ rate }) => rate.proportion.of)) * 1.1;
  const most = Math.min(
    1,
    Math.max(
      0.2,
      ...points.map(({ limits998, rate }) => Math.max(limits998[1], rate.proportion.share ?? 0)),
    ) * 1.05,
  );
  const x = (of: number) => left + ((width - left - 20) * of) / mostOf;
  const y = (share: number) => 10 + height * (1 - share / most);
  const sorted = points.toSorted((a, b) => a.rate.proportion.of - b.rate.proportion.of);
  const edge = (pick: (point: FunnelPoint) => number, dash: string): SvgNode =>
    curve(
      sorted.map((point) => [x(point.rate.proportion.of), y(pick(point))] as const),
      DIM,
      1,
      dash,
    );
  return frame(width, height + 40, title, [
    line(left, y(0), width - 10, y(0)),
    label(left - 6, y(most), `${Math.round(100 * most)} %`, "end", DIM),
    label(left - 6, y(0), "0", "end", DIM),
    edge(({ limits95 }) => limits95[0], "4 3"),
    edge(({ limits95 }) => limits95[1], "4 3"),
    edge(({ limits998 }) => limits998[0], "none"),
    edge(({ limits998 }) => limits998[1], "none"),
    ...points.flatMap(({ operator, rate: { proportion } }) => [
      dot(x(proportion.of), y(proportion.share ?? 0), 5, MARK, MARK),
      label(x(proportion.of) + 8, y(proportion.share ?? 0), operator),
    ]),
  ]);
}

export interface BoxRow {
  readonly label: string;
  readonly five: readonly [number, number, number, number, number] | null;
  readonly n: number;
}
/** Boxes from a common zero: quartiles, median, ends. */
export function boxPlot(rows: readonly BoxRow[], unit: string, title: string): SvgNode {
  const [names, plot, rowHeight] = [200, 400, 26];
  const most = Math.max(1e-9, ...rows.map(({ five }) => five?.[4] ?? 0));
  const x = (value: number) => names + (plot * value) / most;
  const body = rows.flatMap(({ label: name, five, n }, row) => {
    const y = 16 + row * rowHeight;
    const base = [label(names - 10, y, `${name} (n = ${n})`, "end")];
    if (!five) return base;
    const [low, q1, median, q3, high] = five;
    return [
      ...base,
      line(x(low), y, x(high), y, MARK, 1.5),
      node("rect", {
        x: one(x(q1)),
        y: y - 7,
        width: one(Math.max(1, x(q3) - x(q1))),
        height: 14,
        fill: "var(--chart-box, #d0ebff)",
        stroke: MARK,
      }),
      line(x(median), y - 7, x(median), y + 7, INK, 2),
      label(names + plot + 10, y, `${median.toFixed(1)} (${q1.toFixed(1)}–${q3.toFixed(1)})`),
    ];
  });
  const bottom = 16 + rows.length * rowHeight;
  return frame(names + plot + 150, bottom + 20, title, [
    line(x(0), 4, x(0), bottom - 8),
    label(x(0), bottom + 6, "0", "middle", DIM),
    label(x(most), bottom + 6, `${most < 10 ? most.toFixed(1) : most.toFixed(0)} ${unit}`, "middle", DIM),
    ...body,
  ]);
}

/** Differences of two reads against their mean, with bias and limits of agreement (Bland and Altman); values in `unit`. */
export function blandAltmanPlot(
  pairs: readonly Pair[],
  { bias, limits }: BlandAltman,
  unit: string,
  title: string,
): SvgNode {
  const [left, plot, height] = [64, 480, 220];
  const means = pairs.map(([a, b]) => (a + b) / 2);
  const most = Math.max(1e-9, ...means) * 1.05;
  const ends = [...limits, 0, ...pairs.map(([a, b]) => b - a)];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const x = (value: number) => left + (plot * value) / most;
  const y = (value: number) => 12 + (height * (high - value)) / Math.max(1e-9, high - low);
  const across = (value: number, stroke: string, dash: string): readonly SvgNode[] => [
    line(left, y(value), left + plot, y(value), stroke, 1.5, dash),
    label(left + plot + 8, y(value), `${value.toFixed(0).replace("-", "−")} ${unit}`, "start", stroke),
  ];
  return frame(left + plot + 110, height + 44, title, [
    line(left, y(0), left + plot, y(0)),
    label(left - 8, y(0), "0", "end", DIM),
    label(left, height + 32, "0", "middle", DIM),
    label(left + plot, height + 32, `${most.toFixed(0)} ${unit}`, "middle", DIM),
    ...across(bias, MARK, "none"),
    ...limits.flatMap((limit) => across(limit, DIM, "5 4")),
    ...pairs.map(([a, b], n) => dot(x(means[n]), y(b - a), 4, "none", INK)),
  ]);
}

/** Outcome lines as boxes. */
export const outcomeBoxes = (lines: readonly OutcomeLine[]): readonly BoxRow[] =>
  lines.map(({ timePoint, five, n }) => ({ label: timePoint, five, n }));

/** Where leaks of each kind lie on a sacrum seen from the front (schematic), with their number. */
export function sacrumPicture(
  counts: Readonly<Record<string, { readonly count: number; readonly hidden: boolean }>>,
  names: Readonly<Record<string, string>>,
  title: string,
): SvgNode {
  const places: Readonly<Record<string, readonly [number, number, string]>> = {
    sacral_venous_plexus: [96, 96, "#4dabf7"],
    anterior_sacral_space: [204, 96, "#ff922b"],
    anterior_epidural_space: [150, 66, "#f06595"],
    puncture_path: [262, 40, "#ffd43b"],
  };
  const most = Math.max(1, ...Object.values(counts).map(({ count }) => count));
  return frame(560, 260, title, [
    node("path", {
      d: "M60 40 Q90 20 150 24 Q210 20 240 40 L252 60 Q230 120 190 170 Q170 220 150 246 Q130 220 110 170 Q70 120 48 60 Z",
      fill: "var(--chart-bone, #f1f3f5)",
      stroke: DIM,
      strokeWidth: 1.5,
    }),
    ...[0, 1, 2, 3].flatMap((n) =>
      [-1, 1].map((side) =>
        node("ellipse", {
          cx: 150 + side * (44 - 7 * n),
          cy: 78 + 36 * n,
          rx: 9 - n,
          ry: 7 - n,
          fill: "none",
          stroke: DIM,
        }),
      ),
    ),
    ...Object.entries(places).flatMap(([place, [x, y, color]], n) => {
      const { count = 0, hidden = false } = counts[place] ?? {};
      const shown = hidden ? "< 5" : String(count);
      return [
        node("circle", {
          cx: x,
          cy: y,
          r: one(7 + 13 * Math.sqrt((hidden ? 2 : count) / most)),
          fill: color,
          fillOpacity: 0.75,
          stroke: INK,
        }),
        label(x, y, String(n + 1), "middle", "#16191d"),
        label(310, 60 + n * 26, `${n + 1}  ${names[place] ?? place}: ${shown}`),
      ];
    }),
  ]);
}
