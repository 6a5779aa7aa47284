import { z } from "zod";

/**
 * The base of an API or a site: `https://host[:port][/path]` without a slash at its end, the host in lower case and
 * Punycode. Addresses that cannot be joined with a path, or that would put a password into logs, are refused.
 */
export const baseAddress = z.string().transform((text, context) => {
  const fail = (message: string): typeof z.NEVER => {
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  };
  if (!URL.canParse(text)) return fail("is not an address");
  const { protocol, username, password, search, hash, origin, pathname } = new URL(text);
  if (protocol !== "https:" && protocol !== "http:") return fail("must begin with https:// or http://");
  if (username !== "" || password !== "") return fail("must not contain a user name or password");
  if (search !== "" || hash !== "" || /[?#]$/.test(text)) return fail("must not contain a query or a fragment");
  return `${origin}${pathname.replaceAll(/\/{2,}/g, "/").replace(/\/$/, "")}`;
});

export interface GitHubAddresses {
  readonly apiUrl: string;
  readonly graphqlUrl: string;
  readonly serverUrl: string;
}

/** The operator's settings, each already a `baseAddress`; `ghe` is a host name. */
interface Given {
  readonly api: string | undefined;
  readonly graphql: string | undefined;
  readonly server: string | undefined;
  readonly ghe: string | undefined;
}

const API = "https://api.github.com";
const SITE = "https://github.com";

/**
 * The three addresses of one GitHub server. Unset addresses are derived from the set ones, so that a token of one
 * server is never sent to another. GHE_HOST provides unset addresses; api.github.com is used only if nothing is set.
 */
export function githubAddresses({ api, graphql, server, ghe }: Given): GitHubAddresses {
  const site = server ?? (ghe === undefined ? undefined : new URL(`https://${ghe}`).origin);
  const apiUrl = api ?? (ghe === undefined ? apiOfGraphql(graphql) : undefined) ?? apiOfSite(site ?? SITE);
  return { apiUrl, graphqlUrl: graphql ?? graphqlOfApi(apiUrl), serverUrl: site ?? siteOfApi(apiUrl) };
}

/** The reason why the addresses do not belong to one GitHub server; null when they do. */
export function disagreement({ apiUrl, graphqlUrl, serverUrl }: GitHubAddresses): {
  readonly variable: "graphqlUrl" | "serverUrl";
  readonly problem: string;
} | null {
  const [api, graphql] = [apiUrl, graphqlUrl].map((address) => new URL(address).host);
  if (api !== graphql)
    return {
      variable: "graphqlUrl",
      problem: `is at ${graphql}, but the REST API is at ${api}: one host would receive the tokens of the other`,
    };
  const [isApi, isSite] = [apiUrl === API, serverUrl === SITE];
  return isApi === isSite
    ? null
    : { variable: "serverUrl", problem: `is ${serverUrl}, which does not belong to ${apiUrl}` };
}

/** As Octokit derives it: `/api/v3` of an Enterprise Server becomes `/api/graphql`; other addresses get `/graphql`. */
function graphqlOfApi(api: string): string {
  return `${api.replace(/\/api\/v3$/, "/api")}/graphql`;
}

function apiOfGraphql(graphql: string | undefined): string | undefined {
  if (graphql === undefined || !graphql.endsWith("/graphql")) return undefined;
  const base = graphql.slice(0, -"/graphql".length);
  return base.endsWith("/api") ? `${base}/v3` : base;
}

/** github.com and `<name>.ghe.com` have their API at `api.`, an Enterprise Server below `/api/v3`. */
function apiOfSite(site: string): string {
  const { protocol, host, pathname } = new URL(site);
  const isCloud = host === "github.com" || host.endsWith(".ghe.com");
  return isCloud && pathname === "/" ? `${protocol}//api.${host}` : `${site}/api/v3`;
}

function siteOfApi(api: string): string {
  const { protocol, host } = new URL(api);
  if (host === "api.github.com" || /^api\.[^.]+\.ghe\.com$/.test(host))
    return `${protocol}//${host.slice("api.".length)}`;
  return api.endsWith("/api/v3") ? api.slice(0, -"/api/v3".length) : new URL(api).origin;
}
