import { z } from "zod";
import { readManifest } from "../../config/manifest.js";
import { InvalidError, NetworkError } from "../../errors.js";
import { CALLBACK_PATH } from "../identity/connect.js";

const host = z
  .string()
  .trim()
  .regex(/^[\w.-]+(:\d+)?$/, "must be a host name, such as github.example.com");
const address = z.url({ protocol: /^https?$/, error: "must be an address, such as https://companyos.example.com" });
const empty = z.literal("").transform(() => undefined);

/** The fields of the form. */
export const Wish = z.object({
  name: z.string().trim().min(1, "is missing").max(34, "has more than 34 characters"),
  owner: z.enum(["organization", "person"]),
  organization: z
    .union([
      empty,
      z
        .string()
        .trim()
        .regex(/^[\w-]{1,39}$/, "must be an organisation's login"),
    ])
    .optional(),
  enterprise: z.union([empty, host]).optional(),
  publicUrl: z.union([empty, address]).optional(),
  proxyUrl: z.union([empty, address]).optional(),
});
export type Wish = z.infer<typeof Wish>;

/** GitHub's addresses: those of the environment, or of the named Enterprise Server. */
export interface Addresses {
  readonly serverUrl: string;
  readonly apiUrl: string;
}

export function addressesFor(wish: Wish, given: Addresses): Addresses {
  if (wish.enterprise === undefined) return given;
  return { serverUrl: `https://${wish.enterprise}`, apiUrl: `https://${wish.enterprise}/api/v3` };
}

const WEBHOOK_PATH = "/api/github/webhooks";
/** GitHub requires a URL even for a disabled webhook. */
const NOWHERE = "https://webhook.invalid/";

/**
 * The manifest from which GitHub creates the App. Deliveries go to the public address, else to the proxy, else the
 * webhook is disabled.
 */
export function manifestFor(wish: Wish, here: string) {
  const { default_permissions, default_events } = readManifest();
  const base = wish.publicUrl === undefined ? here : new URL(wish.publicUrl).origin;
  const hook = wish.publicUrl === undefined ? wish.proxyUrl : `${base}${WEBHOOK_PATH}`;
  return {
    name: wish.name,
    url: base,
    public: false,
    redirect_url: `${here}/setup/created`,
    callback_urls: [`${base}${CALLBACK_PATH}`],
    hook_attributes: { url: hook ?? NOWHERE, active: hook !== undefined },
    default_permissions,
    default_events,
  };
}

/** The address to which the browser posts the manifest. */
export function newAppUrl(wish: Wish, addresses: Addresses, state: string): string {
  return `${newAppAddress(wish, addresses)}?state=${encodeURIComponent(state)}`;
}

function newAppAddress(wish: Wish, { serverUrl }: Addresses): string {
  const of = wish.owner === "organization" ? `/organizations/${encodeURIComponent(wish.organization ?? "")}` : "";
  return `${serverUrl}${of}/settings/apps/new`;
}

/** The same App as a form of GitHub's that is filled in by its address: for accounts that may not use a manifest. */
export function prefilledUrl(wish: Wish, addresses: Addresses, here: string): string {
  const {
    name,
    url,
    hook_attributes: hook,
    callback_urls,
    default_permissions,
    default_events,
  } = manifestFor(wish, here);
  const query = new URLSearchParams({
    name,
    url,
    public: "false",
    webhook_active: String(hook.active),
    ...(hook.active ? { webhook_url: hook.url } : {}),
    ...default_permissions,
  });
  for (const callback of callback_urls) query.append("callback_urls[]", callback);
  for (const event of default_events) query.append("events[]", event);
  return `${newAppAddress(wish, addresses)}?${query.toString()}`;
}

const Created = z.object({
  id: z.int(),
  slug: z.string(),
  html_url: z.string(),
  client_id: z.string(),
  client_secret: z.string(),
  webhook_secret: z.string().nullable(),
  pem: z.string(),
});
export type Created = z.infer<typeof Created>;

const TIMEOUT_MS = 15_000;

/** Exchanges the code of GitHub's redirect, which works once, within an hour. */
export async function convertManifest(code: string, { apiUrl }: Addresses): Promise<Created> {
  const response = await fetch(`${apiUrl}/app-manifests/${encodeURIComponent(code)}/conversions`, {
    method: "POST",
    headers: { accept: "application/vnd.github+json", "user-agent": "companyos-github" },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw new NetworkError(`GitHub does not answer at ${apiUrl}`, { cause: error });
  });
  if (response.status >= 500) throw new NetworkError(`GitHub answered ${response.status} to the exchange of the code`);
  if (!response.ok)
    throw new InvalidError(
      `GitHub does not accept the code of this App (${response.status}): it works once, within an hour`,
    );
  return Created.parse(await response.json());
}
