// Vite's configuration for the page and its workers; `src` is the root, `../dist` the result.
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  // Relative addresses: the same build works from any folder of any web server.
  base: "./",
  plugins: [
    react(),
    {
      // `npm run dev` injects scripts of its own into the page, which the built page's policy would refuse.
      name: "no-policy-while-developing",
      apply: "serve",
      transformIndexHtml: (html) => html.replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, ""),
    },
  ],
  cacheDir: "../.cache/vite",
  worker: { format: "es" },
  // One pre-bundled copy of each: two copies of `metadata` lose the pixel data ("no pixel data in NATURALIZED").
  optimizeDeps: {
    include: [
      "@cornerstonejs/core",
      "@cornerstonejs/tools",
      "@cornerstonejs/metadata",
      "@cornerstonejs/utils",
      "dicom-parser",
      "dcmjs",
    ],
  },
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    target: "es2022",
    // A file turned into a data: address would be refused by the Content-Security-Policy.
    assetsInlineLimit: 0,
    // Cornerstone with vtk.js is 4.6 MB and is loaded on demand.
    chunkSizeWarningLimit: 6000,
  },
  server: { host: "127.0.0.1" },
});
