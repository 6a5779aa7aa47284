import { randomBytes } from "node:crypto";
import { z } from "zod";
import { parseJson } from "../../src/unchecked.js";
import { renderApp } from "../render/app.js";
import { failure, NOT_FOUND, type Answer } from "../server/answer.js";
import { param, type Call } from "../server/call.js";
import type { Route } from "../server/route.js";

const CODE_LIFETIME_MS = 3_600_000;

/** What GitHub reads of a manifest. `secret` is refused: GitHub makes it. */
const Manifest = z.object({
  name: z.string().min(1).max(34),
  url: z.url(),
  redirect_url: z.url(),
  callback_urls: z.array(z.url()).max(10).default([]),
  public: z.boolean().default(false),
  hook_attributes: z.strictObject({ url: z.url(), active: z.boolean().default(true) }),
  default_permissions: z.record(z.string(), z.enum(["read", "write"])).default({}),
  default_events: z.array(z.string()).default([]),
});

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}

function pageOf(body: string): Answer {
  const raw = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Create GitHub App</title><body>${body}</body></html>`;
  return { status: 200, raw, type: "text/html; charset=utf-8" };
}

/** The form that a manifest leads to, and what its button does. */
function newApp(call: Call): Answer {
  const { organisation } = call.simulation;
  const fields = new URLSearchParams(call.body.toString());
  const owner = call.params["org"];
  if (owner !== undefined && organisation.accounts.get(owner.toLowerCase())?.type !== "Organization") return NOT_FOUND;
  const manifest = fields.get("manifest") ?? "";
  const parsed = Manifest.safeParse(jsonOf(manifest));
  if (!parsed.success) return failure(422, `Invalid GitHub App configuration: ${z.prettifyError(parsed.error)}`);
  const state = call.query.get("state");
  if (fields.get("create") === null) {
    return pageOf(
      `<h1>Create GitHub App</h1><p>${escaped(parsed.data.name)}</p><form method="post">
       <input type="hidden" name="manifest" value="${escaped(manifest)}"><button name="create" value="1">Create GitHub App</button></form>`,
    );
  }
  const code = randomBytes(20).toString("hex");
  const { hook_attributes: hook, default_permissions, default_events, redirect_url } = parsed.data;
  call.simulation.manifests.set(code, { expiresAt: Date.now() + CODE_LIFETIME_MS });
  call.simulation.deliveries.hook.url = hook.active ? hook.url : null;
  organisation.app.permissions = default_permissions;
  organisation.app.events = default_events;
  const back = new URL(redirect_url);
  back.searchParams.set("code", code);
  if (state !== null) back.searchParams.set("state", state);
  return { status: 302, headers: { location: back.toString() } };
}

function convert(call: Call): Answer {
  const { simulation } = call;
  const code = param(call, "code");
  const found = simulation.manifests.get(code);
  simulation.manifests.delete(code);
  if (found === undefined || found.expiresAt <= Date.now()) return NOT_FOUND;
  const { clientSecret, privateKey, deliveries, organisation } = simulation;
  const body = { client_secret: clientSecret, webhook_secret: deliveries.hook.secret, pem: privateKey };
  return { status: 201, body: { ...renderApp(organisation), ...body } };
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return null;
  }
}

/** The manifest flow. Its pages live on the site (GITHUB_SERVER_URL), which is the same server here. */
export const manifestRoutes: readonly Route[] = [
  { method: "POST", pattern: "/settings/apps/new", audience: "anyone", free: true, handle: newApp },
  { method: "POST", pattern: "/organizations/:org/settings/apps/new", audience: "anyone", free: true, handle: newApp },
  { method: "POST", pattern: "/app-manifests/:code/conversions", audience: "anyone", free: true, handle: convert },
];
