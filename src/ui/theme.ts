// Colours and sizes of the shell: dark and calm, dense but readable.
import { createTheme, type CSSVariablesResolver } from "@mantine/core";

export const theme = createTheme({
  primaryColor: "blue",
  defaultRadius: "sm",
  primaryShade: 8,
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif',
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.9rem", lg: "1.05rem", xl: "1.25rem" },
  spacing: { xs: "0.4rem", sm: "0.6rem", md: "0.9rem", lg: "1.2rem", xl: "1.8rem" },
});

/** Words in the second rank, still at 4.5 : 1 on every ground of both themes; the library's own reach 3.5 : 1. */
export const readableColors: CSSVariablesResolver = () => ({
  variables: {},
  dark: {
    "--mantine-color-dimmed": "#b0b3b7",
    "--mantine-color-yellow-text": "#ffd43b",
    "--mantine-color-teal-filled": "#087f5b",
  },
  light: {
    "--mantine-color-dimmed": "#5a6168",
    "--mantine-color-yellow-text": "#8a5a00",
    "--mantine-color-teal-text": "#08694f",
    "--mantine-color-red-text": "#c22525",
    "--mantine-color-yellow-light-color": "#7a4f00",
    "--mantine-color-gray-outline": "#5a6168",
    "--mantine-color-teal-light-color": "#08694f",
    "--mantine-color-teal-filled": "#087f5b",
  },
});
