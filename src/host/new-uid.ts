// New UIDs from random UUIDs, under the 2.25 root (PS3.5 B.2) or an installation's own.

/** Makes UIDs of `root`, a dot and a random UUID as one whole number (up to 39 digits): 64 characters at most for a root of 24. */
export const uidsUnder = (root: string) => (): string =>
  `${root}.${BigInt(`0x${crypto.randomUUID().replaceAll("-", "")}`)}`;
