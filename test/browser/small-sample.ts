// A phantom of few voxels in place of the installation's sample case, for drives that hang on no picture: everything is a fraction of the work.
import type { Page } from "playwright-core";
import { makePhantom } from "../../sample-data/make-phantom.ts";

/** 1.5 mm pixels in slices of 2 mm: small for a browser without a graphics card, and the leaks are still there. */
export const SMALL_VOXELS = { columns: 128, fovMm: 192, fovCentreYMm: 30, sliceMm: 2, seed: 3 };

/** From now on the start page's sample case is the small phantom. */
export async function serveSmallSample(page: Page): Promise<void> {
  const files = new Map(
    [...makePhantom(SMALL_VOXELS, 1).files()].map(({ fileName, bytes }) => [fileName, Buffer.from(bytes)]),
  );
  await page.route("**/sample-case/*", (route) => {
    const name = new URL(route.request().url()).pathname.split("/").at(-1) ?? "";
    const body = files.get(name);
    return body
      ? route.fulfill({ body, contentType: "application/dicom" })
      : route.fulfill({ json: { files: [...files.keys()].map((path) => ({ path })) } });
  });
}
