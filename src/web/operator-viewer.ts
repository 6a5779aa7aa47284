import { sameSecret } from "../crypto/same-secret.js";
import { knownInstallations } from "../store/health/own-facts.js";
import type { Sql } from "../store/store.js";
import { bearerOf } from "./admin-token.js";
import { SCOPES, type Viewer, type ViewerOf } from "./viewer.js";

/** ADMIN_TOKEN as a bearer: sees and administers every installation. */
export function operatorViewer(sql: Sql, adminToken: string | undefined): ViewerOf {
  return async (request) => {
    const given = bearerOf(request.headers.get("authorization"));
    return adminToken === undefined || !sameSecret(given, adminToken) ? null : operatorOf(sql, "");
  };
}

/** The operator; `csrf` belongs to the session and is empty for a bearer. */
export async function operatorOf(sql: Sql, csrf: string): Promise<Viewer> {
  const known = await knownInstallations(sql);
  return {
    kind: "admin-token",
    login: "operator",
    userId: null,
    avatarUrl: null,
    installations: known.map(({ id, account_login: account }) => {
      return { id, account, role: "admin", repositories: "all" };
    }),
    operator: true,
    csrf,
    scopes: new Set(SCOPES),
  };
}
