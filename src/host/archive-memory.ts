// What the page remembers of the archive between visits: where it is and who signs in; the secret only where the reader asked for it.
import { z } from "zod";
import type { Credentials } from "#dicom/dicomweb/archive-types";
import type { ArchiveLogin, ArchivePlace } from "./deployment.ts";

const KEY = "archive";

export interface SignIn {
  /** As typed or configured: absolute, or relative to the page. */
  readonly url: string;
  readonly login: ArchiveLogin;
  readonly user: string;
  /** Password or token. */
  readonly secret: string;
  /** Whether the secret is kept in this browser too. */
  readonly keepSecret: boolean;
}

const storedSchema = z.object({
  url: z.string(),
  login: z.enum(["page", "password", "token"]),
  user: z.string().default(""),
  secret: z.string().optional(),
});

export interface ArchiveMemory {
  load(): SignIn;
  save(signIn: SignIn): void;
}

/** An archive that the installation names is the one; what another address was remembered with is not given to it. */
export function archiveMemory(
  place: ArchivePlace | undefined,
  storage: Pick<Storage, "getItem" | "setItem">,
): ArchiveMemory {
  return {
    load() {
      const none: SignIn = { url: "", login: "page", user: "", secret: "", keepSecret: false };
      const start = place ? { ...none, ...place } : none;
      try {
        const kept = storedSchema.parse(JSON.parse(storage.getItem(KEY) ?? "null"));
        if (place && kept.url !== place.url) return start;
        const secret = kept.secret ?? "";
        return { url: kept.url, login: kept.login, user: kept.user, secret, keepSecret: secret !== "" };
      } catch {
        return start;
      }
    },
    save({ url, login, user, secret, keepSecret }) {
      try {
        storage.setItem(KEY, JSON.stringify({ url, login, user, ...(keepSecret ? { secret } : {}) }));
      } catch {
        // A full or forbidden storage costs typing it again.
      }
    },
  };
}

export function credentialsOf({ login, user, secret }: SignIn): Credentials {
  if (login === "password") return { kind: "basic", user, password: secret };
  return login === "token" ? { kind: "bearer", token: secret.trim() } : { kind: "none" };
}
