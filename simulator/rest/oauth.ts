import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import type { UserToken } from "../auth/tokens.js";
import { account } from "../organisation/organisation.js";
import { parseJson } from "../../src/unchecked.js";
import { failure, type Answer } from "../server/answer.js";
import type { Call } from "../server/call.js";
import type { Route } from "../server/route.js";

const CODE_LIFETIME_MS = 600_000;

/** The page on which a person allows the App: here it always agrees and sends them back. */
function authorize(call: Call): Answer {
  const { simulation, query } = call;
  if (query.get("client_id") !== simulation.organisation.app.clientId) return failure(404, "Not Found");
  const redirectUri = query.get("redirect_uri");
  if (redirectUri === null) return failure(422, "redirect_uri is missing");
  const back = new URL(redirectUri);
  const method = query.get("code_challenge_method");
  if (query.has("code_challenge") && method !== "S256") {
    back.searchParams.set("error", "invalid_request");
  } else {
    const code = randomBytes(10).toString("hex");
    simulation.codes.set(code, {
      login: query.get("login") ?? simulation.signedInAs,
      redirectUri,
      challenge: query.get("code_challenge"),
      expiresAt: Date.now() + CODE_LIFETIME_MS,
    });
    back.searchParams.set("code", code);
  }
  const state = query.get("state");
  if (state !== null) back.searchParams.set("state", state);
  return { status: 302, headers: { location: back.toString() } };
}

const Fields = z.object({
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
  code: z.string().optional(),
  redirect_uri: z.string().optional(),
  code_verifier: z.string().optional(),
  grant_type: z.string().optional(),
  refresh_token: z.string().optional(),
});

function fieldsOf(call: Call): z.infer<typeof Fields> {
  const text = call.body.toString();
  const json = call.headers["content-type"]?.includes("json") === true;
  return Fields.parse(json ? parseJson(text) : Object.fromEntries([...new URLSearchParams(text), ...call.query]));
}

/** OAuth failures are 200 with an `error`, as at GitHub. */
function refused(error: string, description: string): Answer {
  return { status: 200, body: { error, error_description: description } };
}

function granted(token: UserToken, now: number): Answer {
  return {
    status: 200,
    body: {
      access_token: token.token,
      expires_in: Math.round((token.expiresAt - now) / 1000),
      refresh_token: token.refreshToken,
      refresh_token_expires_in: Math.round((token.refreshExpiresAt - now) / 1000),
      token_type: "bearer",
      scope: "",
    },
  };
}

const BAD_CODE = refused("bad_verification_code", "The code passed is incorrect or expired.");

function accessToken(call: Call): Answer {
  const { simulation } = call;
  const fields = fieldsOf(call);
  const now = Date.now();
  if (fields.client_id !== simulation.organisation.app.clientId || fields.client_secret !== simulation.clientSecret) {
    return refused("incorrect_client_credentials", "The client_id and/or client_secret passed are incorrect.");
  }
  if (fields.grant_type === "refresh_token") {
    const token = simulation.tokens.refresh(now, fields.refresh_token ?? "");
    return token === null
      ? refused("bad_refresh_token", "The refresh token passed is incorrect or expired.")
      : granted(token, now);
  }
  const code = simulation.codes.get(fields.code ?? "");
  simulation.codes.delete(fields.code ?? "");
  if (code === undefined || code.expiresAt <= now) return BAD_CODE;
  if (fields.redirect_uri !== undefined && fields.redirect_uri !== code.redirectUri) {
    return refused("redirect_uri_mismatch", "The redirect_uri MUST match the registered callback URL.");
  }
  const challenge = createHash("sha256")
    .update(fields.code_verifier ?? "")
    .digest("base64url");
  if (code.challenge !== null && code.challenge !== challenge) return BAD_CODE;
  return granted(simulation.tokens.forUser(now, account(simulation.organisation, code.login)), now);
}

/** The web flow. It lives on the site (GITHUB_SERVER_URL), which is the same server here. */
export const oauthRoutes: readonly Route[] = [
  { method: "GET", pattern: "/login/oauth/authorize", audience: "anyone", free: true, handle: authorize },
  { method: "POST", pattern: "/login/oauth/access_token", audience: "anyone", free: true, handle: accessToken },
];
