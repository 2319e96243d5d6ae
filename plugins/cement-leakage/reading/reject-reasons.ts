// Why a reader turns a part down, each with a key of its own: the manifest's "reject" commands are the list.
import { manifest } from "../manifest.ts";
import type { LocalText } from "../model/sites.ts";

const PREFIX = "cement-leakage/reject-";
type CommandId = (typeof manifest.commands)[number]["id"];
export type RejectReasonId = CommandId extends infer Id
  ? Id extends `cement-leakage/reject-${infer Reason}`
    ? Reason
    : never
  : never;

export interface RejectReason {
  readonly id: string;
  /** "Shift+a". */
  readonly keys: string;
  readonly text: LocalText;
}

/** The one reason that leaves cement: it is exported as cement of an earlier procedure. */
export const EARLIER_CEMENT: RejectReasonId = "earlier";

export const REJECT_REASONS: readonly RejectReason[] = manifest.commands.flatMap(({ id, shortcut, title }) =>
  id.startsWith(PREFIX)
    ? [
        {
          id: id.slice(PREFIX.length),
          keys: shortcut,
          text: { en: afterColon(title.en), zh: afterColon(title.zh) },
        },
      ]
    : [],
);

function afterColon(title: string): string {
  return title.split(/[:：]\s*/)[1];
}

export function rejectReason(id: RejectReasonId): RejectReason {
  const reason = REJECT_REASONS.find((entry) => entry.id === id);
  if (!reason) throw new RangeError(`no reason "${id}"`);
  return reason;
}
