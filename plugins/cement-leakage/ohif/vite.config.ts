// Vite's configuration for the modules that OHIF loads: two doors with fixed names, everything else in a folder beside them.
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const ASSETS = "cement-assets";

export default defineConfig({
  base: "./",
  plugins: [react()],
  worker: {
    format: "es",
    rolldownOptions: {
      output: {
        entryFileNames: `${ASSETS}/[name]-[hash].js`,
        chunkFileNames: `${ASSETS}/[name]-[hash].js`,
        assetFileNames: `${ASSETS}/[name]-[hash][extname]`,
      },
    },
  },
  build: {
    outDir: "../../../dist-ohif",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: false,
    chunkSizeWarningLimit: 3000,
    rolldownOptions: {
      input: { "cement-ext": "cement-ext.ts", "cement-mode": "cement-mode.ts" },
      preserveEntrySignatures: "allow-extension",
      output: {
        entryFileNames: "[name].mjs",
        chunkFileNames: `${ASSETS}/[name]-[hash].js`,
        // One style sheet, at a name that the door knows.
        assetFileNames: ({ names }) =>
          names.some((name) => name.endsWith(".css")) ? "cement.css" : `${ASSETS}/[name]-[hash][extname]`,
      },
    },
  },
});
