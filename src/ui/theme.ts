// Colours and sizes of the shell: dark and calm, dense but readable.
import { createTheme } from "@mantine/core";

export const theme = createTheme({
  primaryColor: "blue",
  defaultRadius: "sm",
  primaryShade: 8,
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif',
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.9rem", lg: "1.05rem", xl: "1.25rem" },
  spacing: { xs: "0.4rem", sm: "0.6rem", md: "0.9rem", lg: "1.2rem", xl: "1.8rem" },
});
