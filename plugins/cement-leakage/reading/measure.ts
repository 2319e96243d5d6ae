// Measuring by the pointer: distance, angle between two lines, HU in an ellipse. Each is one undo step and part of the case.
import type { Figure, PointerSample, ToolImplementation } from "#contract";
import { cross, distance, normalize, scale, type Vec3 } from "#core/space";
import { add } from "#core/space";
import type { CaseDocument } from "../model/case-document.ts";
import {
  ellipseInBox,
  ellipseOutline,
  measured,
  measuredText,
  type Measurement,
} from "../model/measurements.ts";
import type { LocalText } from "../model/sites.ts";
import type { Reading } from "./reading.ts";

const COLOR = "#ffe066";
/** Shorter than this was a click, not a measurement. */
const LEAST_MM = 0.5;

const STEPS: Readonly<Record<Measurement["kind"] | "remove", LocalText>> = {
  distance: { en: "Measure a distance", zh: "测量距离" },
  angle: { en: "Measure an angle", zh: "测量角度" },
  ellipse: { en: "Measure HU in an ellipse", zh: "测量椭圆 HU" },
  remove: { en: "Remove the measurement", zh: "删除测量" },
};

const SECOND_LINE: LocalText = {
  en: "Now draw the second line of the angle",
  zh: "请画出角的第二条线",
};

export interface Measuring {
  readonly tools: Readonly<Record<Measurement["kind"], ToolImplementation>>;
  /** Brings a measurement into view. */
  show(measurementId: string): void;
  remove(measurementId: string): void;
  dispose(): void;
}

type Points = Measurement["points"];
const asPoint = ([x, y, z]: Vec3): Points[number] => [x, y, z];
const middle = (a: Vec3, b: Vec3): Vec3 => scale(add(a, b), 0.5);
const anyRight = (normal: Vec3): Vec3 =>
  normalize(cross(Math.abs(normal[0]) > 0.7 ? [0, 0, 1] : [0, 1, 0], normal));

export function createMeasuring(reading: Reading): Measuring {
  const { host } = reading;
  /** The first line of an angle that waits for its second one. */
  let firstLine: readonly [Vec3, Vec3] | null = null;

  function land(kind: Measurement["kind"], points: Points): void {
    reading.change(STEPS[kind], ({ document }) => {
      const before = document.measurements ?? [];
      const last = Math.max(0, ...before.map(({ measurementId }) => Number(measurementId.slice(1)) || 0));
      const added: Measurement = {
        measurementId: `M${last + 1}`,
        trackingUid: host.newUid(),
        kind,
        points,
      };
      return { ...document, measurements: [...before, added] };
    });
  }

  const dragTool = (drawn: (from: PointerSample, to: PointerSample) => void): ToolImplementation => {
    let from: PointerSample | null = null;
    let to: PointerSample | null = null;
    const forget = () => {
      from = null;
      to = null;
    };
    return {
      begin: (sample) => void (from = sample),
      move: (samples) => void (to = samples.at(-1) ?? to),
      cancel() {
        forget();
        firstLine = null;
        redraw();
      },
      disabledReason: reading.whyNot,
      finish() {
        const [a, b] = [from, to];
        forget();
        if (a && b && distance(a.at, b.at) >= LEAST_MM) drawn(a, b);
      },
    };
  };

  function redraw(): void {
    const { volume } = host.scene.get();
    const document = reading.document.get();
    const figures = volume ? figuresOf(document, (one) => measuredText(measured(one, volume))) : [];
    if (volume && firstLine)
      figures.push({
        id: "first-line",
        paths: [firstLine],
        text: "…",
        labelAt: firstLine[1],
        color: COLOR,
        emphasized: true,
      });
    host.figures.set(figures);
  }

  const stops = [
    reading.document.subscribe(redraw),
    host.scene.subscribe(() => {
      firstLine = null;
      redraw();
    }),
    host.tools.active.subscribe((tool) => {
      if (firstLine === null || tool === "cement-leakage/measure-angle") return;
      firstLine = null;
      redraw();
    }),
  ];

  return {
    tools: {
      distance: dragTool((from, to) => land("distance", [asPoint(from.at), asPoint(to.at)])),
      angle: dragTool((from, to) => {
        if (firstLine) {
          const [a, b] = firstLine;
          firstLine = null;
          land("angle", [a, b, from.at, to.at].map(asPoint));
        } else {
          firstLine = [from.at, to.at];
          host.notify(reading.say(SECOND_LINE), "info");
        }
        redraw();
      }),
      ellipse: dragTool((from, to) => {
        const points = ellipseInBox(from.at, to.at, from.normal, from.right ?? anyRight(from.normal));
        if (points) land("ellipse", points);
      }),
    },
    show(measurementId) {
      const found = reading.document.get().measurements?.find((one) => one.measurementId === measurementId);
      if (found) host.view.goTo(middle(found.points[0], found.points[1]));
    },
    remove(measurementId) {
      reading.change(STEPS.remove, ({ document }) => ({
        ...document,
        measurements: (document.measurements ?? []).filter((one) => one.measurementId !== measurementId),
      }));
    },
    dispose: () => stops.forEach((stop) => stop()),
  };
}

function figuresOf(document: CaseDocument, textOf: (measurement: Measurement) => string): Figure[] {
  return (document.measurements ?? []).map((one): Figure => {
    const { points } = one;
    const paths: Readonly<Record<Measurement["kind"], () => readonly (readonly Vec3[])[]>> = {
      distance: () => [points],
      angle: () => [points.slice(0, 2), points.slice(2)],
      ellipse: () => [ellipseOutline(points)],
    };
    return {
      id: one.measurementId,
      paths: paths[one.kind](),
      text: `${one.measurementId} ${textOf(one)}`,
      labelAt: points[points.length > 2 && one.kind === "angle" ? 3 : 1],
      color: COLOR,
      emphasized: false,
    };
  });
}
