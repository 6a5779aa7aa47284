import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { Scope } from "../../store/scope.js";
import { isCrossSite } from "../identity/routes.js";
import { CSRF_HEADER, isForged, mayAdminister, mayRead, scopeOf, type Viewer, type ViewerOf } from "../viewer.js";
import { ProblemError } from "./problem.js";

export interface ApiEnv {
  readonly Variables: { readonly viewer: Viewer };
}
export type ApiContext = Context<ApiEnv>;

/** Only known people and tokens are admitted. A write by cookie must come from a page of this server. */
export function requireViewer(viewerOf: ViewerOf, originOf: (request: Request) => string) {
  return createMiddleware<ApiEnv>(async (c, next) => {
    const viewer = await viewerOf(c.req.raw);
    if (viewer === null) {
      c.header("www-authenticate", 'Bearer realm="companyos-github"');
      throw new ProblemError(401, "Sign in, or send 'Authorization: Bearer <token>' with ADMIN_TOKEN or an API token.");
    }
    const reads = c.req.method === "GET" || c.req.method === "HEAD";
    const scope = reads ? "read" : "write";
    if (!viewer.scopes.has(scope)) throw new ProblemError(403, `This API token lacks the scope '${scope}'.`);
    if (!reads && isForged(viewer, c.req.header(CSRF_HEADER) ?? null))
      throw new ProblemError(403, `A write by cookie needs the session's token in the header ${CSRF_HEADER}.`);
    if (!reads && viewer.csrf !== "" && isCrossSite(c.req.raw, originOf(c.req.raw)))
      throw new ProblemError(403, "A write by cookie must come from a page of this server.");
    c.set("viewer", viewer);
    await next();
  });
}

/**
 * The scope of a request: one installation, or all of the viewer's.
 * @throws ProblemError 404 for an installation that the viewer does not see, existing or not.
 */
export function narrowed(viewer: Viewer, installation: string | undefined): Scope {
  const scope = scopeOf(viewer);
  if (installation === undefined) return scope;
  const id = BigInt(installation);
  if (!mayRead(viewer, id)) throw noInstallation(viewer, id);
  return { operator: false, installations: scope.installations.filter((each) => each.id === id) };
}

/** @throws ProblemError 404 for an installation that the viewer does not see, 403 without admin rights. */
export function assertAdmin(viewer: Viewer, installation: bigint | null): void {
  if (mayAdminister(viewer, installation)) return;
  if (installation !== null && !viewer.installations.some(({ id }) => id === installation))
    throw noInstallation(viewer, installation);
  throw new ProblemError(403, "Only an admin of the organisation may do this.");
}

/** Names only the installations that the viewer sees. */
function noInstallation({ installations }: Viewer, id: bigint): ProblemError {
  const seen = installations.slice(0, 10).map((each) => `${each.id} (${each.account})`);
  return new ProblemError(404, `You see no installation ${id}. You see: ${seen.join(", ") || "none"}.`);
}
