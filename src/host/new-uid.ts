// New UIDs from random UUIDs under the 2.25 root (PS3.5 B.2).

/** "2.25." and a random UUID as one whole number; at most 44 characters. */
export const newUid = (): string => `2.25.${BigInt(`0x${crypto.randomUUID().replaceAll("-", "")}`)}`;
