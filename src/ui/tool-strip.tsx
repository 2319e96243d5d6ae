// The plugins' tools with their keys, at the left edge; a tool that can't be used says why.
import { Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import { inLocale } from "#host/app-state";
import type { ToolDeclaration } from "#host/contract";
import styles from "./case-screen.module.css";
import { measureIcon } from "./measure-icon.tsx";
import { useApp, useAppState, useKeyLabel, useText } from "./use-app.ts";

export function ToolStrip() {
  const app = useApp();
  const text = useText();
  const active = useAppState((state) => state.activeTool);
  const radius = useAppState((state) => state.brushRadiusMm);
  const tools = app.plugins.flatMap(({ manifest }) => manifest.tools);
  const label = useKeyLabel();
  const brushing = tools.some((tool) => tool.id === active && tool.gesture === "brush");
  return (
    <nav className={styles.tools} aria-label={text.tools}>
      {app.plugins.flatMap(({ manifest, implementation }) =>
        manifest.tools.map((tool) => (
          <ToolButton
            key={tool.id}
            tool={tool}
            disabledReason={() => implementation.tools[tool.id].disabledReason?.() ?? null}
          />
        )),
      )}
      {brushing && (
        <div className={styles.radius} role="group" aria-label={text.brushRadius} data-testid="brush-radius">
          <button
            type="button"
            className={styles.keyButton}
            aria-label={`− ${text.smallerBrush}`}
            title={text.smallerBrush}
            onClick={() => app.setBrushRadius(radius - 0.5)}
          >
            − <kbd>{label("host/smaller-brush", "[")}</kbd>
          </button>
          <span role="status">{radius.toFixed(1)} mm</span>
          <button
            type="button"
            className={styles.keyButton}
            aria-label={`+ ${text.biggerBrush}`}
            title={text.biggerBrush}
            onClick={() => app.setBrushRadius(radius + 0.5)}
          >
            + <kbd>{label("host/bigger-brush", "]")}</kbd>
          </button>
        </div>
      )}
    </nav>
  );
}

function ToolButton({
  tool,
  disabledReason,
}: {
  tool: ToolDeclaration;
  disabledReason: () => string | null;
}) {
  const app = useApp();
  const locale = useAppState((state) => state.locale);
  const active = useAppState((state) => state.activeTool) === tool.id;
  useAppState((state) => state.masks); // what a tool can do depends on the case
  const why = disabledReason();
  const title = inLocale(tool.title, locale);
  const key = useKeyLabel()(tool.id, tool.shortcut);
  const toggle = () => {
    if (why && !active) app.store.notify(why, "warning");
    else app.activateTool(active ? null : tool.id);
  };
  return (
    <Tooltip label={why ?? inLocale(tool.hint, locale)} position="right" multiline maw={260} openDelay={300}>
      <button
        type="button"
        className={styles.tool}
        aria-pressed={active}
        aria-disabled={why !== null && !active}
        onClick={toggle}
      >
        {icon(tool)}
        <span>{title}</span>
        {key && <kbd>{key}</kbd>}
      </button>
    </Tooltip>
  );
}

const stroke = { fill: "none", stroke: "currentColor", strokeWidth: 1.7, strokeLinecap: "round" } as const;

function icon(tool: ToolDeclaration): ReactNode {
  const measure = measureIcon(tool.id);
  if (measure) return measure;
  if (tool.gesture === "line")
    return (
      <svg viewBox="0 0 20 20" aria-hidden>
        <path {...stroke} d="M3 17 17 3M5 6c2 0 3 1 3.5 2.500M15 14c-2 0-3-1-3.500-2.500" />
      </svg>
    );
  if (tool.gesture === "contour")
    return (
      <svg viewBox="0 0 20 20" aria-hidden>
        <path
          {...stroke}
          strokeDasharray="3 2.500"
          d="M10 3c5 0 7 3 7 6.500S14 16 10 16s-7-2.500-7-6S5 3 10 3Z"
        />
      </svg>
    );
  if (tool.id.endsWith("/take"))
    return (
      <svg viewBox="0 0 20 20" aria-hidden>
        <path {...stroke} d="M2.500 10H11M8 6.500l3.500 3.500L8 13.500M12 3.500a7 7 0 0 1 0 13" />
      </svg>
    );
  return tool.id.endsWith("erase") ? (
    <svg viewBox="0 0 20 20" aria-hidden>
      <path {...stroke} d="m4 12 7-8 5.500 5-6.500 7.500H7.500ZM7.500 8l5.500 5" />
    </svg>
  ) : (
    <svg viewBox="0 0 20 20" aria-hidden>
      <path
        {...stroke}
        d="M16.500 3.500 9 11M8.500 11.500c2 0 2.500 2 1.500 3.500S6.500 17 3.500 16.500c2-1 1.500-5 5-5Z"
      />
    </svg>
  );
}
