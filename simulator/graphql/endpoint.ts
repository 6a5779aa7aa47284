import { executeSync, type GraphQLError, OperationTypeNode } from "graphql";
import { z } from "zod";
import type { Ask } from "../limits/caller-limits.js";
import { failure, type Answer } from "../server/answer.js";
import { Answered, bodyOf, type Call } from "../server/call.js";
import type { Context } from "./context.js";
import { costOf, type Cost } from "./cost.js";
import { documentOf, operationOf } from "./document.js";
import { resolveField, resolveType } from "./resolve.js";
import { githubSchema } from "./schema.js";

const Body = z.object({
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

/** An error as GitHub shows it: its `type` beside the message. */
function shownError(error: GraphQLError) {
  const { type } = error.extensions;
  return {
    ...(typeof type === "string" ? { type } : {}),
    ...(error.path === undefined ? {} : { path: error.path }),
    ...(error.locations === undefined ? {} : { locations: error.locations }),
    message: error.message,
  };
}

const answered = (answer: Answer): PreparedGraphql => ({ ask: null, writes: false, run: () => answer, log: {} });

/** The fault that big queries meet, if it is switched on. */
function tooBig(call: Omit<Call, "params">, cost: Cost): Answer | null {
  const { faults } = call.simulation;
  const { badGatewayAboveNodes, resourceLimitAboveNodes } = faults.current;
  if (badGatewayAboveNodes !== null && cost.nodes > badGatewayAboveNodes) {
    faults.count("badGatewayAboveNodes");
    return failure(502, "Server Error");
  }
  if (resourceLimitAboveNodes !== null && cost.nodes > resourceLimitAboveNodes) {
    faults.count("resourceLimitAboveNodes");
    const message = "Resource limits for this query exceeded.";
    return { status: 200, body: { data: null, errors: [{ type: "RESOURCE_LIMITS_EXCEEDED", message }] } };
  }
  return null;
}

/** Parses, validates and prices a query; `run` executes it. */
export function prepareGraphql(call: Omit<Call, "params">): PreparedGraphql {
  if (call.caller.kind === "anonymous" || call.caller.kind === "app") {
    return answered(failure(401, "This endpoint requires you to be authenticated."));
  }
  const request = parsed(call);
  if (request === null) return answered(failure(400, "Problems parsing JSON"));
  const { document, errors } = documentOf(request.query);
  const name = request.operationName ?? null;
  const operation = operationOf(document, name);
  if (errors.length > 0 || operation === null) {
    const shown = errors.length > 0 ? errors.map(shownError) : [{ message: "No operation" }];
    return answered({ status: 200, body: { errors: shown } });
  }
  const variables = request.variables ?? {};
  const schema = githubSchema();
  const cost = costOf(schema, document, operation, variables);
  const writes = operation.operation === OperationTypeNode.MUTATION;
  const ask: Ask = { resource: "graphql", cost: cost.points, minutePoints: writes ? 5 : 1, content: writes };
  const log = { operation: operation.name?.value ?? "anonymous", points: cost.points, nodes: cost.nodes };
  const run = (): Answer => {
    if (cost.refused !== null) return { status: 200, body: { errors: [cost.refused] } };
    const faulty = tooBig(call, cost);
    if (faulty !== null) return faulty;
    const context: Context = { simulation: call.simulation, caller: call.caller, cost, unhandled: new Set() };
    const result = executeSync({
      schema,
      document,
      contextValue: context,
      variableValues: variables,
      operationName: name,
      fieldResolver: resolveField,
      typeResolver: resolveType,
    });
    if (context.unhandled.size > 0) {
      for (const what of context.unhandled) call.simulation.log.addUnhandled(`graphql ${what}`);
      return failure(501, `The simulated GitHub has no resolver for ${[...context.unhandled].join(", ")}`);
    }
    const shown = result.errors?.map(shownError);
    return { status: 200, body: { data: result.data ?? null, ...(shown === undefined ? {} : { errors: shown }) } };
  };
  return { ask, writes, run, log };
}

function parsed(call: Omit<Call, "params">): z.infer<typeof Body> | null {
  try {
    return bodyOf({ ...call, params: {} }, Body);
  } catch (error) {
    if (error instanceof Answered) return null;
    throw error;
  }
}
