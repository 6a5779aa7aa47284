import type { components } from "@octokit/openapi-types";

type Described = components["schemas"];
type Person = Described["nullable-simple-user"];

/** A pull request as it really comes: the author may be a ghost and the fork of its head deleted. */
type WithGhosts<P extends { readonly head: object }> = Omit<P, "user" | "head" | "labels"> & {
  readonly user: Person;
  readonly head: { label: string; ref: string; sha: string; user: Person; repo: Described["repository"] | null };
  readonly labels: readonly Described["label"][];
};

/**
 * The shapes of GitHub's REST bodies, by their names in its OpenAPI description, with null where real answers have
 * null and the description does not say so.
 */
export interface Schemas extends Omit<
  Described,
  "pull-request" | "pull-request-simple" | "release" | "deployment-status"
> {
  "pull-request": WithGhosts<Described["pull-request"]>;
  "pull-request-simple": WithGhosts<Described["pull-request-simple"]>;
  /** A deployment of Actions waits for its protection rules. */
  "deployment-status": Omit<Described["deployment-status"], "state"> & {
    readonly state: Described["deployment-status"]["state"] | "waiting";
  };
  release: Omit<Described["release"], "author"> & { readonly author: Person };
}

export interface Answer {
  readonly status: number;
  readonly headers?: { readonly [name: string]: string };
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, in place of `body`. */
  readonly raw?: string;
  readonly type?: string;
}

/** A body of a schema of GitHub's OpenAPI description. */
export function one<K extends keyof Schemas>(_schema: K, body: Schemas[K], status = 200): Answer {
  return { status, body };
}

export const NO_CONTENT: Answer = { status: 204 };

const DOCUMENTATION = "https://docs.github.com/rest";

export function failure(status: number, message: string, extra: { readonly [key: string]: unknown } = {}): Answer {
  return { status, body: { message, documentation_url: DOCUMENTATION, status: String(status), ...extra } };
}

export const NOT_FOUND: Answer = failure(404, "Not Found");
export const FORBIDDEN: Answer = failure(403, "Resource not accessible by integration");
