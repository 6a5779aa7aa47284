import { sameSecret } from "../../crypto/same-secret.js";
import { useApiToken } from "../../store/people/api-tokens.js";
import type { Session } from "../../store/people/sessions.js";
import type { Clock } from "../../domain.js";
import type { Store } from "../../store/store.js";
import { bearerOf } from "../admin-token.js";
import { operatorOf, operatorViewer } from "../operator-viewer.js";
import { SCOPES, type Viewer, type ViewerOf, type ViewerScope } from "../viewer.js";
import { cookieOf, type Cookies } from "./cookies.js";
import type { People } from "./people.js";
import { hashOf } from "./secrets.js";
import { generationOf, type Sessions } from "./sessions.js";

export interface ViewersOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly adminToken: string | undefined;
  /** ADMIN_LOGINS, in lower case. */
  readonly adminLogins: readonly string[];
  readonly sessions: Sessions;
  /** Null: connecting accounts is not set up. */
  readonly people: People | null;
  readonly cookies: Cookies;
}

/** The prefix of every API token, so that secret scanners recognise it. */
export const API_TOKEN_PREFIX = "cosp_";

const ALL: ReadonlySet<ViewerScope> = new Set(SCOPES);
const READS = new Set(["GET", "HEAD"]);

/**
 * Identifies the viewer of a request: ADMIN_TOKEN or an API token as a bearer, or a session by its cookie. For a write,
 * access is read again from GitHub.
 */
export function createViewerOf(options: ViewersOptions): ViewerOf {
  const operator = operatorViewer(options.store.sql, options.adminToken);
  return async (request) => {
    const fresh = !READS.has(request.method);
    // With a bearer the cookie is ignored, because it must not add rights.
    if (request.headers.has("authorization")) {
      const bearer = bearerOf(request.headers.get("authorization"));
      return bearer.startsWith(API_TOKEN_PREFIX) ? byApiToken(options, bearer, fresh) : operator(request);
    }
    const secret = cookieOf(request.headers.get("cookie"), options.cookies.session);
    const session = secret === null ? null : await options.sessions.find(secret);
    return session === null ? null : bySession(options, session, fresh);
  };
}

async function byApiToken(options: ViewersOptions, bearer: string, fresh: boolean): Promise<Viewer | null> {
  const token = await useApiToken(options.store, hashOf(bearer), options.clock.now());
  if (token === null) return null;
  const viewer = await personViewer(options, token.userId, "", fresh);
  const scopes = new Set(SCOPES.filter((scope) => token.scopes.includes(scope)));
  return viewer && { ...viewer, kind: "api-token", operator: viewer.operator && scopes.has("admin"), scopes };
}

async function bySession(options: ViewersOptions, session: Session, fresh: boolean): Promise<Viewer | null> {
  if (session.userId !== null) return personViewer(options, session.userId, session.csrf, fresh);
  // A session of ADMIN_TOKEN ends when the token is changed or removed.
  if (options.adminToken === undefined) return null;
  if (!sameSecret(session.csrf.split(".")[0] ?? "", generationOf(options.adminToken))) return null;
  return operatorOf(options.store.sql, session.csrf);
}

async function personViewer(
  { people, adminLogins }: ViewersOptions,
  userId: bigint,
  csrf: string,
  fresh: boolean,
): Promise<Viewer | null> {
  const person = await people?.find(userId, fresh);
  if (!person) return null;
  const operator = adminLogins.includes(person.login.toLowerCase());
  return {
    kind: "user",
    login: person.login,
    userId,
    avatarUrl: person.avatarUrl,
    // An operator administers the installations that GitHub shows them, and sees no others.
    installations: operator ? person.installations.map((each) => ({ ...each, role: "admin" })) : person.installations,
    operator,
    csrf,
    scopes: ALL,
  };
}
