import type { Config } from "../config.js";
import { createKeyRing } from "../crypto/key-ring.js";
import type { Clock } from "../domain.js";
import { createUserApi } from "../github/user-api.js";
import type { Log } from "../log.js";
import type { Store } from "../store/store.js";
import { cookiesFor, type Cookies } from "../web/identity/cookies.js";
import { createPeople, type People } from "../web/identity/people.js";
import { createProvider, type Provider } from "../web/identity/provider.js";
import { createSessions, type Sessions } from "../web/identity/sessions.js";
import { createViewerOf } from "../web/identity/viewers.js";
import type { ViewerOf } from "../web/viewer.js";

export interface IdentityParts {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly fetch?: typeof fetch;
}

/** The users of this server, and how they sign in. */
export interface Identity {
  readonly viewerOf: ViewerOf;
  readonly sessions: Sessions;
  readonly cookies: Cookies;
  /** Null: accounts cannot be connected; `connectOff` gives the reason. */
  readonly connect: { readonly provider: Provider; readonly people: People } | null;
  readonly connectOff: string;
}

export function openIdentity(parts: IdentityParts): Identity {
  const { config, store, clock } = parts;
  const cookies = cookiesFor(config.publicUrl?.startsWith("https:") ?? false);
  const sessions = createSessions(store, clock);
  const connect = openConnect(parts);
  const { adminToken, adminLogins } = config;
  const people = connect?.people ?? null;
  const viewerOf = createViewerOf({ store, clock, adminToken, adminLogins, sessions, people, cookies });
  return { viewerOf, sessions, cookies, connect, connectOff: missing(config) };
}

function openConnect({ config, store, clock, log, fetch }: IdentityParts): Identity["connect"] {
  const { clientId, clientSecret, encryptionKeys, github } = config;
  if (clientId === undefined || clientSecret === undefined || encryptionKeys.length === 0) return null;
  const { serverUrl, apiUrl } = github;
  const now = (): Date => clock.now();
  const sent = fetch && { fetch };
  const provider = createProvider({ serverUrl, apiUrl, clientId, clientSecret, now, ...sent });
  const userApi = (token: string) => createUserApi({ apiUrl, token, now, ...sent });
  const keys = createKeyRing(encryptionKeys);
  return { provider, people: createPeople({ store, keys, provider, userApi, clock, log }) };
}

/** The variables that connecting accounts needs; empty when all are set. */
function missing({ clientId, clientSecret, encryptionKeys }: Config): string {
  const names = [
    ...(clientId === undefined ? ["GITHUB_CLIENT_ID"] : []),
    ...(clientSecret === undefined ? ["GITHUB_CLIENT_SECRET"] : []),
    ...(encryptionKeys.length === 0 ? ["ENCRYPTION_KEYS"] : []),
  ];
  if (names.length === 0) return "";
  return `${names.join(", ")} ${names.length === 1 ? "is" : "are"} not set. Set ${names.length === 1 ? "it" : "them"} and start the server again.`;
}
