// OHIF's door to the checking plugin: the cement plugin's adapter, under its id, with another plugin in it.
import "#host/no-eval";
import "@mantine/core/styles.css";
import { extensionOf } from "../../plugins/cement-leakage/ohif/extension.ts";
import { contractWorker, offeringPlugin } from "./held-to.ts";

export default extensionOf({
  id: "cement-leakage",
  version: "1.0.0",
  here: import.meta.url,
  startWorker: contractWorker,
  plugins: async () => ({ plugins: [offeringPlugin()], problems: [] }),
});
