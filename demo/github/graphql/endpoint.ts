import { z } from "zod";
import type { Ask } from "../limits/caller-limits.js";
import { failure, type Answer } from "../server/answer.js";
import { bodyOf, type Call } from "../server/call.js";

const Request = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

export interface PreparedGraphql {
  readonly ask: Ask | null;
  readonly writes: boolean;
  readonly run: () => Answer;
  readonly log: { readonly operation?: string; readonly points?: number; readonly nodes?: number };
}

export function prepareGraphql(call: Omit<Call, "params">): PreparedGraphql {
  bodyOf({ ...call, params: {} }, Request);
  return { ask: null, writes: false, run: () => failure(501, "no GraphQL yet"), log: {} };
}
