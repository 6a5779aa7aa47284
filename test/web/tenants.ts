import { deflateRawSync } from "node:zlib";
import type { Store } from "../../src/store/store.js";
import { SCOPES, type Viewer, type ViewerScope } from "../../src/web/viewer.js";

/** Two organisations, acme (1) and globex (2), with one row of each kind in each repository; ids and texts say whose they are. */
export async function plantTenants(store: Store): Promise<void> {
  const { sql } = store;
  for (const [id, account, repositories] of [
    [1, "acme", [10, 11]],
    [2, "globex", [20]],
  ] as const) {
    await sql.query(
      "INSERT INTO installations (id, account_login, account_type, updated_at, content_hash) VALUES ($1, $2, 'Organization', now(), '')",
      [id, account],
    );
    await sql.query(
      "INSERT INTO sync_runs (installation_id, mode, requested_by, status, created_at) VALUES ($1, 'full', 'test', 'completed', now())",
      [id],
    );
    for (const repository of repositories) {
      const secret = `secret-of-${repository}`;
      const row = [repository, id];
      await sql.query(
        `INSERT INTO repositories (id, installation_id, owner_login, name, full_name, updated_at, content_hash)
         VALUES ($1, $2, $3, $4, $3 || '/' || $4, now(), '')`,
        [...row, account, secret],
      );
      await sql.query(
        `INSERT INTO pull_requests (id, installation_id, repository_id, number, title, state, head_ref, head_sha, base_ref, base_sha,
           created_at, updated_at, core_updated_at, content_hash)
         VALUES ($1, $2, $1, 1, $3, 'open', '', '', '', '', now(), now(), now(), '')`,
        [...row, secret],
      );
      await sql.query(
        `INSERT INTO issues (id, installation_id, repository_id, number, title, state, created_at, updated_at, content_hash)
         VALUES ($1, $2, $1, 2, $3, 'open', now(), now(), '')`,
        [...row, secret],
      );
      await sql.query(
        `INSERT INTO deployments (id, installation_id, repository_id, sha, ref, task, environment, created_at, updated_at, content_hash)
         VALUES ($1, $2, $1, '', $3, 'deploy', 'production', now(), now(), '')`,
        [...row, secret],
      );
      await sql.query(
        `INSERT INTO deliveries (guid, event, content_type, body_bytes, installation_id, repository_id, subject, status, reason, processed_at)
         VALUES ($3, 'pull_request', 'application/json', 2, $2, $1, 'pull_request:1', 'processed', $4, now())`,
        [...row, guidOf(repository), secret],
      );
      await sql.query(
        `INSERT INTO agent_runs (installation_id, repository_id, agent, number, subject, trigger, status, reason, created_at, delivery_guid)
         VALUES ($2, $1, 'code-review', 1, '1', 'opened', 'done', $3, now(), $4)`,
        [...row, secret, guidOf(repository)],
      );
    }
  }
}

/** The body of a repository's delivery: without one it cannot be replayed. */
export async function plantBody(store: Store, repository: number): Promise<void> {
  await store.sql.query("INSERT INTO delivery_bodies (guid, encoding, body) VALUES ($1, 'deflate-raw', $2)", [
    guidOf(repository),
    deflateRawSync("{}"),
  ]);
}

export function guidOf(repository: number): string {
  return `00000000-0000-4000-8000-${String(repository).padStart(12, "0")}`;
}

const person = (
  login: string,
  installations: Viewer["installations"],
  scopes: readonly ViewerScope[] = SCOPES,
): Viewer => ({
  kind: "api-token",
  login,
  userId: 5n,
  avatarUrl: null,
  installations,
  operator: false,
  csrf: "",
  scopes: new Set(scopes),
});

const admin = { id: 1n, account: "acme", role: "admin", repositories: "all" } as const;

/** Everybody who is not of globex, and what they may see of acme. */
export const VIEWERS = {
  nobody: null,
  "a stranger who signed in": person("eve", []),
  "an admin of acme": person("ada", [admin]),
  "a member of acme who reads one repository": person("mel", [
    { id: 1n, account: "acme", role: "member", repositories: new Set([10n]) },
  ]),
  "a token that may not read": person("ada", [admin], ["write"]),
} as const;

/** The secrets that a viewer may be shown. */
export function secretsOf(viewer: Viewer | null): readonly string[] {
  if (viewer === null || !viewer.scopes.has("read")) return [];
  return viewer.installations.flatMap(({ repositories }) =>
    repositories === "all" ? ["secret-of-10", "secret-of-11"] : [...repositories].map((id) => `secret-of-${id}`),
  );
}
