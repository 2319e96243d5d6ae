// The chosen key image in full: dragged to move its crop; its arrows dragged to move them. All of it by keys as well.
import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from "react";
import { SIDE_PX } from "../../teaching/figure.ts";
import { ARROW_PATH } from "../../teaching/figure-svg.ts";
import { frameOf, type KeyArrow, type KeyImage, moved, stepped, zoomed } from "../../teaching/key-image.ts";
import { patientFromPicture, pictureFromPatient } from "../../teaching/picture-frame.ts";
import { FigureImage } from "./figure-image.tsx";
import styles from "./teaching.module.css";
import { useTeachingText } from "./use-teaching-text.ts";

interface PictureCanvasProps {
  image: KeyImage;
  arrow: number | null;
  onArrow(n: number | null): void;
  onChange(image: KeyImage): void;
}

/** Fraction of the side. */
const KEY_STEP = 0.02;
const TURN_DEGREES = 15;
const WAYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** What is dragged: an arrow by its number, or the picture; and how far, in fractions of the side. */
interface Drag {
  readonly arrow: number | null;
  readonly from: readonly [number, number];
  readonly by: readonly [number, number];
}

export function PictureCanvas({ image, arrow, onArrow, onChange }: PictureCanvasProps) {
  const { pictures: text } = useTeachingText();
  const holder = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<Drag | null>(null);
  const frame = frameOf(image);
  const withoutArrows = useMemo(() => ({ ...image, arrows: [] }), [image]);

  const placeOf = ({ clientX, clientY }: PointerEvent): readonly [number, number] => {
    const box = holder.current?.getBoundingClientRect();
    return box ? [(clientX - box.left) / box.width, (clientY - box.top) / box.height] : [0, 0];
  };
  const begin = (event: PointerEvent, which: number | null) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    onArrow(which);
    setDrag({ arrow: which, from: placeOf(event), by: [0, 0] });
  };
  const follow = (event: PointerEvent) => {
    if (!drag) return;
    const [x, y] = placeOf(event);
    setDrag({ ...drag, by: [x - drag.from[0], y - drag.from[1]] });
  };
  const finish = () => {
    if (drag && (drag.by[0] !== 0 || drag.by[1] !== 0))
      onChange(
        drag.arrow === null
          ? moved(image, -drag.by[0], -drag.by[1])
          : withArrow(image, drag.arrow, (one) => shifted(image, one, drag.by)),
      );
    setDrag(null);
  };
  const pictureKey = (event: KeyboardEvent) => {
    const way = WAYS[event.key];
    const changed = way
      ? moved(image, way[0] * KEY_STEP, way[1] * KEY_STEP)
      : event.key === "+" || event.key === "-"
        ? zoomed(image, event.key === "+" ? -1 : 1)
        : event.key === "PageUp" || event.key === "PageDown"
          ? stepped(image, event.key === "PageUp" ? 1 : -1)
          : null;
    if (!changed) return;
    event.preventDefault();
    onChange(changed);
  };
  const arrowKey = (event: KeyboardEvent, n: number) => {
    const way = WAYS[event.key];
    const changed = way
      ? withArrow(image, n, (one) => shifted(image, one, [way[0] * KEY_STEP, way[1] * KEY_STEP]))
      : event.key === "[" || event.key === "]"
        ? withArrow(image, n, (one) => turned(one, event.key === "[" ? -TURN_DEGREES : TURN_DEGREES))
        : event.key === "Delete"
          ? withoutArrow(image, n)
          : null;
    event.stopPropagation();
    if (!changed) return;
    event.preventDefault();
    onChange(changed);
  };
  const dragging = (which: number | null) => ({
    onPointerDown: (event: PointerEvent) => begin(event, which),
    onPointerMove: follow,
    onPointerUp: finish,
    onPointerCancel: () => setDrag(null),
  });
  const pan = drag?.arrow === null ? drag.by : [0, 0];
  return (
    <div ref={holder} className={styles.canvas}>
      <div style={{ translate: `${pan[0] * 100}% ${pan[1] * 100}%` }}>
        <FigureImage image={withoutArrows} alt={image.caption} />
      </div>
      <button
        type="button"
        className={styles.pan}
        aria-label={text.canvas}
        {...dragging(null)}
        onKeyDown={pictureKey}
        data-testid="key-image-canvas"
      />
      <svg viewBox={`0 0 ${SIDE_PX} ${SIDE_PX}`} className={styles.arrows}>
        {image.arrows.map((one, n) => {
          const by = drag && (drag.arrow === n || drag.arrow === null) ? drag.by : [0, 0];
          const [x, y] = pictureFromPatient(frame, one.tip);
          return (
            <g
              key={n}
              transform={`translate(${(x + by[0]) * SIDE_PX} ${(y + by[1]) * SIDE_PX}) rotate(${one.degrees})`}
              tabIndex={0}
              role="button"
              aria-label={text.arrow(n + 1)}
              aria-pressed={arrow === n}
              {...dragging(n)}
              onFocus={() => onArrow(n)}
              onKeyDown={(event) => arrowKey(event, n)}
              data-testid="key-image-arrow"
            >
              <rect x={-70} y={-14} width={76} height={28} fill="transparent" />
              <path
                d={ARROW_PATH}
                fill={arrow === n ? "#ffa94d" : "#ffd43b"}
                stroke="#000"
                strokeWidth={1.5}
              />
            </g>
          );
        })}
      </svg>
    </div>
  );
}

const withArrow = (image: KeyImage, n: number, change: (arrow: KeyArrow) => KeyArrow): KeyImage => ({
  ...image,
  arrows: image.arrows.map((one, other) => (other === n ? change(one) : one)),
});

export const withoutArrow = (image: KeyImage, n: number): KeyImage => ({
  ...image,
  arrows: image.arrows.toSpliced(n, 1),
});

/** Clockwise. */
const turned = (arrow: KeyArrow, by: number): KeyArrow => ({
  ...arrow,
  degrees: ((((arrow.degrees + by + 180) % 360) + 360) % 360) - 180,
});

export const turnedArrow = (image: KeyImage, n: number, by: 1 | -1): KeyImage =>
  withArrow(image, n, (one) => turned(one, by * TURN_DEGREES));

function shifted(image: KeyImage, arrow: KeyArrow, [x, y]: readonly [number, number]): KeyArrow {
  const frame = frameOf(image);
  const [atX, atY] = pictureFromPatient(frame, arrow.tip);
  return { ...arrow, tip: patientFromPicture(frame, [atX + x, atY + y]) };
}
