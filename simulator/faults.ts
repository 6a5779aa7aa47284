import { seededRandom, type Random } from "./random.js";

/** One exact fault: hits the next `times` calls whose `METHOD /path` contains `match`; of GraphQL, with the body behind it. */
export interface PlannedFault {
  readonly match: string;
  /**
   * `silent-limit`: a secondary limit without any header about limits. `nonsense`: 200 and a body that is not what was
   * asked for. `html`: a page of a load balancer, with `status`. `graphql-error`: 200 with no data and one error of `type`.
   */
  readonly kind:
    | "status"
    | "reset"
    | "timeout"
    | "drop-answer"
    | "silent-limit"
    | "nonsense"
    | "html"
    | "graphql-error";
  /** For `status`, default 500, and `html`, default 200. */
  readonly status?: number;
  /** For `graphql-error`: GitHub's error type; default none. */
  readonly type?: string;
  readonly times: number;
}

/** Rates are probabilities from 0 to 1; 0 or null switches a fault off. */
export interface Faults {
  readonly seed: number;
  /** Answers 500, 502 or 503 instead of working. */
  readonly serverError: number;
  /** GraphQL answers 502 when a query asks for more nodes than this. */
  readonly badGatewayAboveNodes: number | null;
  /** GraphQL answers with RESOURCE_LIMITS_EXCEEDED when a query asks for more nodes than this. */
  readonly resourceLimitAboveNodes: number | null;
  /** The call is never answered; the socket stays open until the client gives up. */
  readonly timeout: number;
  /** The socket is reset before anything is done. */
  readonly reset: number;
  /** A write is performed and its answer is dropped: the socket is reset. */
  readonly dropWriteAnswer: number;
  /** Milliseconds for which a fresh installation token answers 401. */
  readonly freshTokenUnauthorizedMs: number;
  /** Milliseconds that every answer waits; counted as server time. */
  readonly latencyMs: number;
  /** Milliseconds after its first delivery for which the API does not show a commit, nor a pull request with that head. */
  readonly apiLagMs: number;
  /** Milliseconds by which GitHub's clock is ahead of ours: the `date` header and the check of App JWTs. */
  readonly clockSkewMs: number;
  /** The delivery is not sent and recorded as failed. */
  readonly deliveryLost: number;
  /** The delivery is not sent and recorded as delivered with 200. */
  readonly deliveryAcknowledgedThenLost: number;
  /** The delivery is sent a second time under the same GUID. */
  readonly deliveryRepeated: number;
  /** The delivery is sent `deliveryDelayMs` later. */
  readonly deliveryDelayed: number;
  readonly deliveryDelayMs: number;
  /** The delivery changes places with one that is waiting. */
  readonly deliveryReordered: number;
  readonly planned: readonly PlannedFault[];
}

export const NO_FAULTS: Faults = {
  seed: 1,
  serverError: 0,
  badGatewayAboveNodes: null,
  resourceLimitAboveNodes: null,
  timeout: 0,
  reset: 0,
  dropWriteAnswer: 0,
  freshTokenUnauthorizedMs: 0,
  latencyMs: 0,
  apiLagMs: 0,
  clockSkewMs: 0,
  deliveryLost: 0,
  deliveryAcknowledgedThenLost: 0,
  deliveryRepeated: 0,
  deliveryDelayed: 0,
  deliveryDelayMs: 1000,
  deliveryReordered: 0,
  planned: [],
};

type RateName = {
  [K in keyof Faults]: Faults[K] extends number ? K : never;
}[keyof Faults];

/** The faults that are switched on, the dice that decide when one strikes, and how often each did. */
export class FaultSwitch {
  #faults: Faults = NO_FAULTS;
  #random: Random = seededRandom(NO_FAULTS.seed);
  #planned: { readonly fault: PlannedFault; left: number }[] = [];
  readonly struck = new Map<string, number>();
  /** When a commit was first named by a delivery (ms). */
  readonly #firstNamed = new Map<string, number>();

  /** Notes the commits that a delivery names. */
  deliver(body: string): void {
    if (this.#faults.apiLagMs === 0) return;
    for (const [, sha = ""] of body.matchAll(/"(?:sha|after|head_sha)":"([0-9a-f]{40})"/g))
      if (!this.#firstNamed.has(sha)) this.#firstNamed.set(sha, Date.now());
  }

  /** Whether the API does not know the commit yet. */
  lags(sha: string): boolean {
    const since = this.#firstNamed.get(sha);
    const lagging = since !== undefined && Date.now() - since < this.#faults.apiLagMs;
    if (lagging) this.count("apiLagMs");
    return lagging;
  }

  get current(): Faults {
    return this.#faults;
  }

  /** Replaces all faults: what is not named is off. */
  set(faults: Partial<Faults>): void {
    this.#faults = { ...NO_FAULTS, ...faults };
    this.#random = seededRandom(this.#faults.seed);
    this.#planned = this.#faults.planned.map((fault) => ({ fault, left: fault.times }));
  }

  /** Whether the fault strikes this time. */
  strikes(name: RateName): boolean {
    const rate = this.#faults[name];
    if (rate <= 0 || this.#random() >= rate) return false;
    this.count(name);
    return true;
  }

  /** The planned fault that hits this call, used up by one. */
  planned(call: string): PlannedFault | null {
    const hit = this.#planned.find((each) => each.left > 0 && call.includes(each.fault.match));
    if (hit === undefined) return null;
    hit.left -= 1;
    this.count(hit.fault.kind);
    return hit.fault;
  }

  count(name: string): void {
    this.struck.set(name, (this.struck.get(name) ?? 0) + 1);
  }

  random(): number {
    return this.#random();
  }
}
