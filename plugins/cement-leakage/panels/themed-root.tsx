// Mounts React into an element of the host, with a theme of its own that reaches no further than that element.
import { createTheme, MantineProvider } from "@mantine/core";
import { useEffect, useMemo, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { readableColors } from "#core/readable-colors";
import type { Readable } from "#core/readable";
import { dropDownHome } from "./drop-down-home.ts";
import { useReadable } from "./use-readable.ts";
import styles from "./mount.module.css";

/** Dense enough for a panel of 400 px; the typeface is the host's. */
const theme = createTheme({
  defaultRadius: "sm",
  primaryShade: 8,
  fontFamily: "inherit",
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.125rem" },
  components: {
    Badge: {
      defaultProps: { size: "sm" },
      styles: { root: { flex: "none", textTransform: "none", fontSize: "0.6875rem" } },
    },
    Button: { styles: { root: { flex: "none" } } },
  },
});

const portalsInto = (target: HTMLElement) =>
  createTheme({ ...theme, components: { ...theme.components, Portal: { defaultProps: { target } } } });

/** The page's own root element belongs to the host; this scheme and its variables stay within the element. */
const noRoot = (): undefined => undefined;

type Appearance = Readable<"dark" | "light">;

/** Resolves what is thrown while drawing to `failed`. */
export function mountThemed(
  element: HTMLElement,
  failed: (error: unknown) => void,
  appearance: Appearance,
  content: ReactNode,
): () => void {
  const own = element.appendChild(document.createElement("div"));
  own.className = styles.root;
  const home = dropDownHome(element, styles.root);
  const root = createRoot(own, { onUncaughtError: failed });
  root.render(
    <Themed appearance={appearance} home={home}>
      {content}
    </Themed>,
  );
  // React refuses to unmount while it renders (the host may be in the middle of that).
  return () => {
    own.remove();
    home?.remove();
    setTimeout(() => root.unmount());
  };
}

interface ThemedProps {
  readonly appearance: Appearance;
  /** Where drop-downs and dialogs are drawn; the body where there is none. */
  readonly home: HTMLElement | null;
  readonly children: ReactNode;
}

function Themed({ appearance, home, children }: ThemedProps) {
  const scheme = useReadable(appearance);
  useEffect(() => home?.setAttribute("data-mantine-color-scheme", scheme), [home, scheme]);
  const themeHere = useMemo(() => (home ? portalsInto(home) : theme), [home]);
  return (
    <MantineProvider
      theme={themeHere}
      forceColorScheme={scheme}
      cssVariablesResolver={readableColors}
      cssVariablesSelector={`.${styles.root}`}
      getRootElement={noRoot}
    >
      <div className={styles.root} data-mantine-color-scheme={scheme}>
        {children}
      </div>
    </MantineProvider>
  );
}
