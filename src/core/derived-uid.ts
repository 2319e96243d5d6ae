// UIDs computed from names, so that the same export has the same identifiers every time it is written.

const PRIME = 0x0000000001000000000000000000013bn;
const OFFSET = 0x6c62272e07bb014262b821756295c58dn;
const MASK = (1n << 128n) - 1n;

/**
 * A UID below 2.25 (PS3.5 B.2) that depends on `names` alone. FNV-1a over their code points gives 128 bits, marked as a
 * version 8 (custom) UUID after RFC 9562. For identifiers that hang on a UID made elsewhere, never for a new instance.
 */
export function derivedUid(...names: readonly string[]): string {
  let hash = OFFSET;
  for (const character of names.join("\n")) {
    hash = ((hash ^ BigInt(character.codePointAt(0) ?? 0)) * PRIME) & MASK;
  }
  const versioned = (hash & ~(0xfn << 76n)) | (8n << 76n);
  const marked = (versioned & ~(0x3n << 62n)) | (2n << 62n);
  return `2.25.${marked}`;
}
