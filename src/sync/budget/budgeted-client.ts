import type { GitHubClient, RestAnswer } from "../../github/client.js";
import { pointsOf } from "../../github/queries/points.js";
import { Costs } from "../../github/queries/scalars.js";
import type { Variables } from "../../github/queries/query.js";
import type { Resource } from "../../store/sync/budget-row.js";
import type { Budget } from "./budget.js";
import type { CallClass } from "./class.js";
import type { SeenQuota } from "./decide.js";

/** The cost of the calls so far. */
export interface Spent {
  points: number;
  requests: number;
}

export interface BudgetedOptions {
  readonly installationId: bigint;
  readonly budget: Budget;
  readonly class: CallClass;
  readonly signal: AbortSignal;
  /** Increased with every call. */
  readonly spent: Spent;
}

/** A client whose calls wait for their turn in the installation's budget. */
export function budgetedClient(client: GitHubClient, options: BudgetedOptions): GitHubClient {
  const { budget, installationId, class: of, signal, spent } = options;

  async function within<T>(
    resource: Resource,
    points: number,
    call: () => Promise<T>,
    costOf: (answer: T) => { readonly points: number | null; readonly seen: SeenQuota | null },
  ): Promise<T> {
    const grant = await budget.take(installationId, { resource, class: of, points, signal });
    spent.requests += 1;
    // An unsettled lease expires by itself; the caller needs the result or the error of the call.
    const settled = async (outcome: Parameters<Budget["settle"]>[1]): Promise<void> => {
      const settling = budget.settle(grant, outcome).catch(() => undefined);
      if (of !== "live") await settling;
    };
    try {
      const answer = await call();
      const cost = costOf(answer);
      if (resource === "graphql") spent.points += cost.points ?? points;
      await settled(cost);
      return answer;
    } catch (error) {
      await settled({ points: null, error });
      throw error;
    }
  }

  const rest = (route: string, parameters?: Readonly<Record<string, unknown>>): Promise<RestAnswer> =>
    within(
      "core",
      1,
      () => client.rest(route, parameters),
      () => ({ points: 1, seen: null }),
    );

  return {
    rest,
    async *pages(route, parameters) {
      const pages = client.pages(route, parameters)[Symbol.asyncIterator]();
      for (;;) {
        const next = await within(
          "core",
          1,
          () => pages.next(),
          ({ done }) => ({ points: done ? 0 : 1, seen: null }),
        );
        if (next.done) return;
        yield next.value;
      }
    },
    query: (document, variables, schema) =>
      within(
        "graphql",
        pointsOf(document, scalarsOf(variables)),
        () => client.query(document, variables, schema),
        ({ data }) => quotaOf(data),
      ),
  };
}

/** Variables that can hold page sizes. */
function scalarsOf(variables: Readonly<Record<string, unknown>>): Variables {
  const entries = Object.entries(variables).flatMap(([name, value]): [string, Variables[string]][] => {
    if (typeof value === "number" || typeof value === "string") return [[name, value]];
    return Array.isArray(value) ? [[name, value.map(String)]] : [];
  });
  return Object.fromEntries(entries);
}

function quotaOf(data: unknown): { readonly points: number | null; readonly seen: SeenQuota | null } {
  const limit = Costs.safeParse(data).data?.rateLimit;
  if (!limit) return { points: null, seen: null };
  const { cost, remaining, resetAt } = limit;
  return { points: cost, seen: { limit: limit.limit, remaining, resetAt: new Date(resetAt).getTime() } };
}
