// Words in the second rank at 4.5 : 1 on every ground of both themes (the library's own reach 3.5 : 1): the shell's, and a plugin's in any host.

/** Mantine's CSS custom properties by scheme; a function, as its provider takes them. */
export const readableColors = () => ({
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
