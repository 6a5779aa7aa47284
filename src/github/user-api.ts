import { z } from "zod";
import { AuthenticationError, GoneError, NetworkError, RateLimitError } from "../errors.js";
import { id } from "../facts/scalars.js";
import { parseJson } from "../unchecked.js";

/** GitHub's data about one person, read with that person's own token. */
export interface UserApi {
  user(): Promise<GitHubUser>;
  /** The App's installations that the person can see. */
  installations(): Promise<readonly UserInstallation[]>;
  /** Whether the person owns the organisation. False if GitHub does not show it. */
  administers(organisation: string): Promise<boolean>;
  /** The ids of the installation's repositories that the person can read. */
  repositories(installationId: number): Promise<readonly number[]>;
}

export interface UserApiOptions {
  /** Base of the REST API. */
  readonly apiUrl: string;
  readonly token: string;
  readonly now: () => Date;
  readonly fetch?: typeof fetch;
}

const User = z.object({ id, login: z.string(), avatar_url: z.string().nullish() });
export type GitHubUser = z.infer<typeof User>;

const Installation = z.object({
  id,
  account: z.object({ id, login: z.string(), type: z.string() }).nullable(),
  suspended_at: z.string().nullish(),
});
export type UserInstallation = z.infer<typeof Installation>;

const Membership = z.object({ state: z.string(), role: z.string() });
const Installations = z.object({ installations: z.array(Installation) });
const Repositories = z.object({ repositories: z.array(z.object({ id })) });

const TIMEOUT_MS = 10_000;
/** The limit of pages: a person with more sees the first 20,000 repositories. */
const MOST_PAGES = 200;
const UNSAID_LIMIT_MS = 60_000;

/** Throws the errors of `errors.ts`: AuthenticationError when the token is refused. */
export function createUserApi(options: UserApiOptions): UserApi {
  const get = (path: string): Promise<unknown> => ask(options, path);

  async function* pages<T>(path: string, schema: z.ZodType<T>, countOf: (page: T) => number): AsyncIterable<T> {
    for (let page = 1; page <= MOST_PAGES; page++) {
      const answer = schema.parse(await get(`${path}?per_page=100&page=${page}`));
      yield answer;
      if (countOf(answer) < 100) return;
    }
  }

  return {
    user: async () => User.parse(await get("/user")),
    async installations() {
      const found: UserInstallation[] = [];
      for await (const page of pages("/user/installations", Installations, (each) => each.installations.length))
        found.push(...page.installations);
      return found;
    },
    async administers(organisation) {
      try {
        const membership = Membership.parse(await get(`/user/memberships/orgs/${encodeURIComponent(organisation)}`));
        return membership.state === "active" && membership.role === "admin";
      } catch (error) {
        // 404: not a member; 403: the App lacks "members: read".
        if (error instanceof GoneError) return false;
        throw error;
      }
    },
    async repositories(installationId) {
      const path = `/user/installations/${installationId}/repositories`;
      const ids: number[] = [];
      for await (const page of pages(path, Repositories, (each) => each.repositories.length))
        ids.push(...page.repositories.map((each) => each.id));
      return ids;
    },
  };
}

async function ask({ apiUrl, token, now, fetch: send = fetch }: UserApiOptions, path: string): Promise<unknown> {
  const route = path.split("?", 1)[0] ?? path;
  const response = await send(`${apiUrl.replace(/\/+$/, "")}${path}`, {
    headers: {
      authorization: `Bearer ${token}`,
      accept: "application/vnd.github+json",
      "x-github-api-version": "2022-11-28",
      "user-agent": "companyos-github",
    },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw new NetworkError(`GitHub did not answer GET ${route}`, { cause: error });
  });
  const text = await response.text().catch((error: unknown) => {
    throw new NetworkError(`GitHub's answer to GET ${route} was cut short`, { cause: error });
  });
  if (response.ok) return jsonOf(text, route);
  throw failureOf(response, route, now());
}

function jsonOf(text: string, route: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new NetworkError(`GitHub answered GET ${route} with something other than JSON`, { cause: error });
  }
}

function failureOf({ status, headers }: Response, route: string, now: Date): Error {
  const limited = headers.get("x-ratelimit-remaining") === "0" || headers.has("retry-after");
  if (status === 429 || (status === 403 && limited)) {
    const reset = Number(headers.get("x-ratelimit-reset")) * 1000;
    const at = Number.isFinite(reset) && reset > 0 ? reset : now.getTime() + UNSAID_LIMIT_MS;
    return new RateLimitError(`GitHub limits GET ${route} of this person`, new Date(at));
  }
  if (status === 401) return new AuthenticationError(`GitHub refuses the person's token (GET ${route})`);
  if (status < 500) return new GoneError(`GitHub answered ${status} to GET ${route}`);
  return new NetworkError(`GitHub answered ${status} to GET ${route}`);
}
