import type { Octokit } from "@octokit/core";
import type { z } from "zod";
import type { Clock } from "../domain.js";
import { InvalidError, NetworkError } from "../errors.js";
import type { Circuits } from "./circuit.js";
import { failureOf } from "./failure.js";
import type { DefaultPauses } from "./limits.js";
import { runGraphql, type GraphqlAnswer, type GraphqlDocument } from "./graphql.js";

export type Parameters = Readonly<Record<string, unknown>>;

export interface RestAnswer {
  readonly status: number;
  /** Parsed JSON. Its content is not trusted. */
  readonly data: unknown;
}

/** Calls for one installation, or for the App itself. Throws only errors of `errors.ts`. */
export interface GitHubClient {
  /** One REST call: `GET /repos/{owner}/{repo}` and its parameters. */
  rest(route: string, parameters?: Parameters): Promise<RestAnswer>;
  /** A list, page by page to its end, with 100 items each unless `per_page` is set. */
  pages(route: string, parameters?: Parameters): AsyncIterable<unknown>;
  /**
   * One GraphQL call. Parts that could not be read (`NOT_FOUND`, `FORBIDDEN`) are null in the data and listed in
   * `problems`, if the schema allows it; every other error is thrown.
   */
  query<T>(document: GraphqlDocument, variables: Parameters, schema: z.ZodType<T>): Promise<GraphqlAnswer<T>>;
}

export interface ClientOptions {
  /** Identifies the installation for the pauses between refusals. */
  readonly scope: string;
  /** Authenticated. Called for each request, so it should be cheap. */
  octokit(): Promise<Octokit>;
  readonly graphqlUrl: string;
  readonly clock: Clock;
  readonly pauses: DefaultPauses;
  readonly circuits: Circuits;
  /**
   * The circuit of the installation. The App itself has none, because its caller must notice at once when GitHub
   * accepts it again.
   */
  readonly refusals: Circuits | null;
}

export function createClient(options: ClientOptions): GitHubClient {
  const { scope, clock, pauses, circuits, refusals } = options;
  // One host serves both APIs and issues the tokens.
  const circuit = `${new URL(options.graphqlUrl).host}, for ${scope === "app" ? "the App" : `installation ${scope}`},`;

  async function call<T>(route: string, work: (octokit: Octokit) => Promise<T>): Promise<T> {
    const ask = (): Promise<T> =>
      circuits.run(
        circuit,
        async () => work(await options.octokit()),
        (error) => failureOf(error, { route, now: clock.now(), unsaidPauseMs: () => pauses.next(scope) }),
      );
    const result = await (refusals ? refusals.run(scope, ask, (failure) => failure) : ask());
    pauses.succeeded(scope);
    return result;
  }

  async function rest(route: string, parameters: Parameters = {}) {
    return call(route, async (octokit) => {
      const response = await octokit.request(route, { ...parameters });
      const { status, headers, url } = response;
      const body: unknown = response.data;
      // Octokit returns the text of a JSON body that it could not read to the end.
      const json = headers["content-type"]?.startsWith("application/json") ?? false;
      if (json && typeof body === "string") throw new NetworkError(`The answer to ${route} was cut short`);
      return { status, data: body, next: nextPage(headers.link, url || octokit.request.endpoint.DEFAULTS.baseUrl) };
    });
  }

  return {
    rest,
    async *pages(route, parameters = {}) {
      let answer = await rest(route, { per_page: 100, ...parameters });
      yield answer.data;
      for (let { next } = answer; next; { next } = answer) {
        const octokit = await options.octokit();
        if (!sameHost(next, octokit.request.endpoint.DEFAULTS.baseUrl)) {
          throw new InvalidError(`The next page of ${route} is on another host`);
        }
        answer = await rest(`GET ${next}`, { headers: parameters["headers"] ?? {}, request: { route } });
        yield answer.data;
      }
    },
    query(document, variables, schema) {
      return call(`QUERY ${document.name}`, (octokit) =>
        runGraphql(octokit, options.graphqlUrl, document, variables, schema),
      );
    },
  };
}

/**
 * The address of the next page, which may be relative to the present page. An invalid address is refused like another
 * host. Source: RFC 8288, and GitHub's REST reference, 'Using pagination'.
 */
function nextPage(link: string | undefined, base: string): string | null {
  const target = /<([^<>]+)>;\s*rel="?next"?/.exec(link ?? "")?.[1];
  if (target === undefined) return null;
  return URL.canParse(target, base) ? new URL(target, base).href : target;
}

/** The token is sent only to the API's own host. */
function sameHost(url: string, baseUrl: string): boolean {
  return URL.canParse(url) && new URL(url).origin === new URL(baseUrl).origin;
}
