// The key of a verb, as it is now: readers change keys, and a key that is not there must not be shown.
import { useReadable, useVerbs } from "./case-view.ts";

/** `verb` without the plugin's prefix: "find". Nothing where the verb has no key. */
export function Key({ verb }: { verb: string }) {
  const keys = useReadable(useVerbs().reading.host.keys);
  const label = keys[`cement-leakage/${verb}`];
  return label ? (
    <>
      &nbsp;<kbd>{label}</kbd>
    </>
  ) : null;
}
