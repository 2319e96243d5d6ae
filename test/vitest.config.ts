// Vitest's projects, one for each step of `npm test`; the root is the checkout, so that package.json "imports" resolve.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("..", import.meta.url));
const BROWSER_TEST_MS = 180_000;
const LONG_TEST_MS = 900_000;

export default defineConfig({
  root,
  cacheDir: ".cache/vitest",
  test: {
    environment: "node",
    // Two cores are what the tests are promised to fit on; more workers only take memory from Chromium and Java.
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: "architecture", include: ["test/architecture.test.ts"] } },
      {
        extends: true,
        test: { name: "unit", include: ["test/unit/**/*.test.{ts,tsx}"], testTimeout: 60_000 },
      },
      {
        extends: true,
        test: {
          name: "interop",
          include: ["test/interop/**/*.test.ts"],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          // One Chromium with software WebGL fills both cores.
          fileParallelism: false,
          testTimeout: BROWSER_TEST_MS,
          hookTimeout: BROWSER_TEST_MS,
        },
      },
      {
        extends: true,
        test: {
          name: "ohif",
          include: ["test/ohif/**/*.test.ts"],
          globalSetup: "test/ohif/build.ts",
          fileParallelism: false,
          testTimeout: LONG_TEST_MS,
          hookTimeout: LONG_TEST_MS,
        },
      },
      {
        extends: true,
        test: {
          name: "long",
          include: ["test/long/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: LONG_TEST_MS,
          hookTimeout: LONG_TEST_MS,
        },
      },
    ],
  },
});
