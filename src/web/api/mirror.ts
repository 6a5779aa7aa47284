import { z } from "@hono/zod-openapi";
import type { Store } from "../../store/store.js";
import { SCOPES } from "../viewer.js";
import { narrowed } from "./access.js";
import { type Api, endpoint, NONE } from "./endpoint.js";
import { Id, InstallationOnly, iso, pageOf, Paging, RepositoryName, Time } from "./schemas.js";
import { ProblemError } from "./problem.js";

const Installation = z
  .object({
    id: Id,
    account: z.string(),
    accountType: z.string(),
    role: z.enum(["admin", "member"]),
    suspendedAt: Time.nullable(),
    writesPausedAt: Time.nullable(),
    writesPausedReason: z.string().nullable(),
  })
  .openapi("Installation");

const Repository = z
  .object({
    id: Id,
    installation: Id,
    fullName: z.string(),
    private: z.boolean(),
    archived: z.boolean(),
    defaultBranch: z.string().nullable(),
    description: z.string().nullable(),
    pushedAt: Time.nullable(),
    updatedAt: Time,
  })
  .openapi("Repository");

const Status = z
  .object({
    login: z.string(),
    kind: z.enum(["user", "admin-token", "api-token"]),
    operator: z.boolean(),
    scopes: z.array(z.enum(SCOPES)),
    connect: z.object({ on: z.boolean(), reason: z.string() }),
    dryRun: z.boolean(),
    installations: z.array(Installation),
  })
  .openapi("Status");

export interface MirrorOptions {
  readonly store: Store;
  readonly dryRun: boolean;
  /** Why accounts cannot be connected; empty when they can. */
  readonly connectOff: string;
}

/** The viewer, and their installations and repositories. */
export function addMirror(api: Api, { store, dryRun, connectOff }: MirrorOptions): void {
  type Asked = Parameters<typeof narrowed>;
  const installationsOf = async (...[viewer, only]: Asked): Promise<z.input<typeof Installation>[]> => {
    const rows = await store.readAs(narrowed(viewer, only), ({ prisma }) =>
      prisma.installation.findMany({ where: { deleted_at: null }, orderBy: { id: "asc" } }),
    );
    return rows.map((row) => ({
      id: String(row.id),
      account: row.account_login,
      accountType: row.account_type,
      role: viewer.installations.find(({ id }) => id === row.id)?.role ?? "member",
      suspendedAt: iso(row.suspended_at),
      writesPausedAt: iso(row.writes_paused_at),
      writesPausedReason: row.writes_paused_reason,
    }));
  };

  endpoint(api, {
    method: "get",
    path: "/status",
    summary: "Your identity and the installations that you see",
    query: NONE,
    params: NONE,
    body: NONE,
    answer: Status,
    handle: async ({ viewer }) => ({
      login: viewer.login,
      kind: viewer.kind,
      operator: viewer.operator,
      scopes: [...viewer.scopes],
      connect: { on: connectOff === "", reason: connectOff },
      dryRun,
      installations: await installationsOf(viewer, undefined),
    }),
  });

  endpoint(api, {
    method: "get",
    path: "/installations",
    summary: "The installations that you see",
    query: InstallationOnly,
    params: NONE,
    body: NONE,
    answer: pageOf("InstallationPage", Installation),
    handle: async ({ query, viewer }) => ({
      items: await installationsOf(viewer, query.installation),
      next: null,
      searchedTo: null,
    }),
  });

  endpoint(api, {
    method: "get",
    path: "/repositories",
    summary: "The repositories that you see, by id",
    query: z.strictObject({ ...Paging.shape, name: RepositoryName.optional() }),
    params: NONE,
    body: NONE,
    answer: pageOf("RepositoryPage", Repository),
    async handle({ query: { installation, limit, cursor, name }, viewer }) {
      const after = cursor === undefined ? 0n : idOf(cursor);
      const rows = await store.readAs(narrowed(viewer, installation), ({ prisma }) =>
        prisma.repository.findMany({
          where: {
            id: { gt: after },
            deleted_at: null,
            access_removed_at: null,
            ...(installation === undefined ? {} : { installation_id: BigInt(installation) }),
            ...(name === undefined ? {} : { full_name: { equals: name, mode: "insensitive" } }),
          },
          orderBy: { id: "asc" },
          take: limit + 1,
        }),
      );
      const shown = rows.slice(0, limit);
      const last = rows.length > limit ? shown.at(-1) : undefined;
      return {
        items: shown.map((row) => ({
          id: String(row.id),
          installation: String(row.installation_id),
          fullName: row.full_name,
          private: row.private,
          archived: row.archived,
          defaultBranch: row.default_branch,
          description: row.description,
          pushedAt: iso(row.pushed_at),
          updatedAt: iso(row.updated_at),
        })),
        next: last ? Buffer.from(String(last.id)).toString("base64url") : null,
        searchedTo: null,
      };
    },
  });
}

function idOf(cursor: string): bigint {
  const text = Buffer.from(cursor, "base64url").toString();
  if (!/^\d{1,18}$/.test(text))
    throw new ProblemError(400, "The cursor is not valid. Start again from the first page.");
  return BigInt(text);
}
