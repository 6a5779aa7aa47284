import { readManifest } from "../../src/config/manifest.js";
import { account, type Organisation } from "./organisation.js";
import type { App, Permissions } from "./installation.js";
import type { Account } from "./account.js";

const MANIFEST = readManifest();

/** What the App asks for, from `app.yml`: what is not granted there fails here as it would at GitHub. */
export const APP_PERMISSIONS: Permissions = MANIFEST.default_permissions;

/** What the App subscribes to; `installation`, `installation_repositories` and `github_app_authorization` always come. */
export const APP_EVENTS: readonly string[] = MANIFEST.default_events;

export interface OrganisationOptions {
  /** Login of the organisation; default `acme`. */
  readonly login?: string;
  readonly appId?: number;
  readonly appSlug?: string;
  readonly permissions?: Permissions;
  readonly events?: readonly string[];
  readonly apiUrl?: string;
  readonly htmlUrl?: string;
  /** The clock; default the real one. */
  readonly now?: () => Date;
}

/** An empty organisation: one account, the App, no repository and no installation yet. */
export function createOrganisation(options: OrganisationOptions = {}): Organisation {
  const login = options.login ?? "acme";
  const slug = options.appSlug ?? "companyos";
  const person = { kind: "account", deleted: false } as const;
  const main: Account = { ...person, id: 9001, login, type: "Organization", name: "Acme", members: new Map() };
  const bot: Account = { ...person, id: 9002, login: `${slug}[bot]`, type: "Bot", name: null, members: new Map() };
  const app: App = {
    id: options.appId ?? 424242,
    slug,
    name: slug,
    clientId: "Iv23simulated0000000",
    owner: main,
    bot,
    permissions: options.permissions ?? APP_PERMISSIONS,
    events: options.events ?? APP_EVENTS,
  };
  const organisation: Organisation = {
    app,
    urls: { api: options.apiUrl ?? "https://api.github.com", html: options.htmlUrl ?? "https://github.com" },
    main,
    now: options.now ?? (() => new Date()),
    nodes: new Map([
      [main.id, main],
      [bot.id, bot],
    ]),
    accounts: new Map([
      [login.toLowerCase(), main],
      [bot.login.toLowerCase(), bot],
    ]),
    repositories: new Map(),
    byName: new Map(),
    redirects: new Map(),
    installations: new Map(),
    teams: [],
    advisories: [],
    nextId: 10_000,
    outbox: [],
    silent: false,
  };
  account(organisation, "octocat");
  return organisation;
}

/** Takes what GitHub would send for the changes since the last call, in their order. */
export function drain<T>(organisation: { outbox: T[] }): T[] {
  const deliveries = organisation.outbox;
  organisation.outbox = [];
  return deliveries;
}
