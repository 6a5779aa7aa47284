import { sameSecret } from "../crypto/same-secret.js";
import type { Act } from "../store/people/audit.js";
import type { Scope } from "../store/scope.js";

/** The scopes of a request: an API token has some of them, a session and ADMIN_TOKEN all. `events`: read the stream of events. */
export const SCOPES = ["read", "write", "admin", "events"] as const;
export type ViewerScope = (typeof SCOPES)[number];

/** One installation that a viewer sees. */
export interface ViewerInstallation {
  readonly id: bigint;
  /** The login of the organisation or person that installed the App. */
  readonly account: string;
  /** `admin`: the person administers the account at GitHub. */
  readonly role: "admin" | "member";
  /** The repositories that GitHub lets the person read; `all` for the operator. */
  readonly repositories: "all" | ReadonlySet<bigint>;
}

/** The viewer of a request, and exactly what they can see. */
export interface Viewer {
  readonly kind: "user" | "admin-token" | "api-token";
  readonly login: string;
  /** GitHub's id of the person; null for ADMIN_TOKEN. */
  readonly userId: bigint | null;
  readonly avatarUrl: string | null;
  readonly installations: readonly ViewerInstallation[];
  /** ADMIN_TOKEN or one of ADMIN_LOGINS: also sees rows without an installation. */
  readonly operator: boolean;
  /** Every write from a page carries it in the field or header below; empty without a session cookie. */
  readonly csrf: string;
  readonly scopes: ReadonlySet<ViewerScope>;
}

/** The form field of the CSRF token, and the header for scripts. */
export const CSRF_FIELD = "csrf";
export const CSRF_HEADER = "x-csrf-token";

/**
 * Identifies the viewer of a request; null: unknown. Passed as an argument, so that pages and API do not depend on
 * sign-in.
 */
export type ViewerOf = (request: Request) => Promise<Viewer | null>;

/** Whether the viewer may read rows of the installation or, with an id, of one of its repositories. */
export function mayRead(viewer: Viewer, installationId: bigint | null, repositoryId: bigint | null = null): boolean {
  if (!viewer.scopes.has("read")) return false;
  if (installationId === null) return viewer.operator;
  const found = viewer.installations.find(({ id }) => id === installationId);
  if (found === undefined) return false;
  return repositoryId === null || found.repositories === "all" || found.repositories.has(repositoryId);
}

/** Whether the viewer may change the installation's data (sync, replay, settings): only admins of its account. */
export function mayAdminister(viewer: Viewer, installationId: bigint | null): boolean {
  if (!viewer.scopes.has("write")) return false;
  if (installationId === null) return viewer.operator;
  return viewer.installations.some(({ id, role }) => id === installationId && role === "admin");
}

const VIA = { user: "session", "admin-token": "admin-token", "api-token": "api-token" } as const satisfies Readonly<
  Record<Viewer["kind"], Act["via"]>
>;

/** The person and their credential, for the audit log. */
export function actorOf({ kind, userId, login }: Pick<Viewer, "kind" | "userId" | "login">) {
  return { userId, login, via: VIA[kind] };
}

/** The database scope of the viewer's transactions. */
export function scopeOf(viewer: Viewer): Scope {
  if (!viewer.scopes.has("read")) return { operator: false, installations: [] };
  return { operator: viewer.operator, installations: viewer.installations };
}

/** Whether the request carries the viewer's CSRF token. Without a cookie no other site can make the request. */
export function isForged(viewer: Viewer, given: string | null): boolean {
  return viewer.csrf !== "" && !sameSecret(given ?? "", viewer.csrf);
}
