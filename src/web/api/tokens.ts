import { z } from "@hono/zod-openapi";
import type { Clock } from "../../domain.js";
import { createApiToken, listApiTokens, revokeApiToken } from "../../store/people/api-tokens.js";
import type { Store } from "../../store/store.js";
import { hashOf, newSecret } from "../identity/secrets.js";
import { API_TOKEN_PREFIX } from "../identity/viewers.js";
import { SCOPES, type Viewer } from "../viewer.js";
import { act } from "./acts.js";
import { type Api, endpoint, NONE } from "./endpoint.js";
import { ProblemError } from "./problem.js";
import { Id, iso, Time } from "./schemas.js";

const Token = z
  .object({
    id: Id,
    name: z.string(),
    scopes: z.array(z.string()),
    createdAt: Time,
    expiresAt: Time,
    lastUsedAt: Time.nullable(),
  })
  .openapi("ApiToken");

const DAY_MS = 86_400_000;
/** The most active tokens of a person. */
const MOST = 50;

/** Personal tokens of this API. A token is shown once, and stored as a hash. */
export function addTokens(api: Api, { store, clock }: { readonly store: Store; readonly clock: Clock }): void {
  endpoint(api, {
    method: "get",
    path: "/tokens",
    summary: "Your API tokens",
    query: NONE,
    params: NONE,
    body: NONE,
    answer: z.object({ items: z.array(Token) }).openapi("ApiTokens"),
    async handle({ viewer }) {
      const tokens = await listApiTokens(store, personOf(viewer));
      return {
        items: tokens.map((token) => ({
          id: String(token.id),
          name: token.name,
          scopes: token.scopes,
          createdAt: iso(token.created_at),
          expiresAt: iso(token.expires_at),
          lastUsedAt: iso(token.last_used_at),
        })),
      };
    },
  });

  endpoint(api, {
    method: "post",
    path: "/tokens",
    summary: "Make an API token; it is shown this once",
    query: NONE,
    params: NONE,
    body: z.strictObject({
      name: z.string().trim().min(1).max(100),
      scopes: z.array(z.enum(SCOPES)).min(1),
      days: z.int().min(1).max(366),
    }),
    answer: z.object({ id: Id, token: z.string(), expiresAt: Time }).openapi("NewApiToken"),
    status: 201,
    async handle({ body, viewer }) {
      const userId = personOf(viewer);
      if ((await listApiTokens(store, userId)).length >= MOST)
        throw new ProblemError(409, `You have ${MOST} API tokens. Revoke one first.`);
      const token = `${API_TOKEN_PREFIX}${newSecret()}`;
      const createdAt = clock.now();
      const expiresAt = new Date(createdAt.getTime() + body.days * DAY_MS);
      const id = await createApiToken(store, { userId, ...body, hash: hashOf(token), createdAt, expiresAt });
      await act(store.sql, viewer, createdAt, null, "token.create", String(id));
      return { id: String(id), token, expiresAt: iso(expiresAt) };
    },
  });

  endpoint(api, {
    method: "delete",
    path: "/tokens/{id}",
    summary: "Revoke an API token",
    query: NONE,
    params: z.strictObject({ id: z.string().regex(/^\d{1,18}$/) }),
    body: NONE,
    answer: z.object({ revoked: z.boolean() }).openapi("RevokedApiToken"),
    async handle({ params: { id }, viewer }) {
      if (!(await revokeApiToken(store, personOf(viewer), BigInt(id), clock.now())))
        throw new ProblemError(404, `You have no API token ${id}.`);
      await act(store.sql, viewer, clock.now(), null, "token.revoke", id);
      return { revoked: true };
    },
  });
}

/** Only a session manages tokens: a token must not create further tokens. */
function personOf({ kind, userId }: Viewer): bigint {
  if (kind === "user" && userId !== null) return userId;
  throw new ProblemError(
    403,
    "Only a person who signed in with GitHub has API tokens. Sign in, and manage them there.",
  );
}
