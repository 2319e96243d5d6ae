// Before the tests with OHIF: our own viewer and the modules for OHIF are built where their sources changed.
import { alone, buildApp, buildForOhif, makeSampleCase } from "../../src/cli/prepare.mjs";

export const setup = (): Promise<void> =>
  alone(async () => {
    await makeSampleCase();
    await buildApp();
    await buildForOhif();
  });
