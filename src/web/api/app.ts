import { OpenAPIHono, z } from "@hono/zod-openapi";
import { etag } from "hono/etag";
import type { Log } from "../../log.js";
import type { ErrorTracker } from "../../telemetry/error-tracker.js";
import { EVENTS_PATH, type EventStream } from "../live/event-stream.js";
import type { ViewerOf } from "../viewer.js";
import { type ApiEnv, requireViewer } from "./access.js";
import { type ActsOptions, addActs } from "./acts.js";
import { type Api, BASE } from "./endpoint.js";
import { addDora } from "./dora.js";
import { addLists } from "./lists.js";
import { addMirror, type MirrorOptions } from "./mirror.js";
import { answerProblem, statusFor } from "./problem.js";
import { InstallationText } from "./schemas.js";
import { addTriage } from "./triage.js";
import { addReportDeployment } from "./report-deployment.js";
import { addState, type StateOptions } from "./state.js";
import { addTokens } from "./tokens.js";

export interface ApiOptions extends ActsOptions, MirrorOptions, StateOptions {
  readonly viewerOf: ViewerOf;
  readonly version: string;
  readonly log: Log;
  readonly errors: ErrorTracker;
  readonly events: Pick<EventStream, "open">;
  /** The address of this server in the browser. */
  originOf(request: Request): string;
}

/** The JSON API, with its own description at `/api/openapi.json`. */
export function createApi(options: ApiOptions): OpenAPIHono<ApiEnv> {
  const { store, log, errors } = options;
  const app = new OpenAPIHono<ApiEnv>();
  app.onError((error, c) => {
    const known = statusFor(error);
    if (known) return answerProblem(c, known.status, known.detail);
    const reference = errors.capture(error, { where: c.req.path });
    log.error({ err: error, reference, where: c.req.path }, "API request failed unexpectedly");
    return answerProblem(c, 500, "The request failed unexpectedly. The log says why, under the reference.", reference);
  });
  app.notFound((c) => answerProblem(c, 404, "The API has no such path. See /api/openapi.json."));
  // Before the ETags: a stream has no end to compute one of.
  app.get(EVENTS_PATH, requireViewer(options.viewerOf, options.originOf), (c) => options.events.open(c));
  app.use(`${BASE}/*`, async (c, next) => {
    await next();
    // One person's answers are never cached for others, and are revalidated each time.
    c.header("cache-control", "private, no-cache");
    c.header("vary", "authorization, cookie");
  });
  app.use(`${BASE}/*`, etag());
  app.use(`${BASE}/*`, requireViewer(options.viewerOf, options.originOf));
  const api: Api = { app, methods: new Map([[EVENTS_PATH, ["GET"]]]) };
  describeEvents(app);
  addMirror(api, options);
  addLists(api, store);
  addDora(api, options);
  addReportDeployment(api, options);
  addState(api, options);
  addTriage(api, options);
  addActs(api, options);
  addTokens(api, options);
  for (const [path, methods] of api.methods)
    app.all(path, (c) => {
      c.header("allow", methods.join(", "));
      return answerProblem(c, 405, `Only ${methods.join(" and ")} here.`);
    });
  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", { type: "http", scheme: "bearer" });
  app.doc31("/api/openapi.json", {
    openapi: "3.1.0",
    info: { title: "companyos-github", version: options.version },
    security: [{ bearer: [] }],
  });
  return app;
}

function describeEvents(app: OpenAPIHono<ApiEnv>): void {
  const summary = "Events as CloudEvents, by server-sent events; needs the scope 'events'";
  app.openAPIRegistry.registerPath({
    method: "get",
    path: EVENTS_PATH,
    summary,
    request: {
      query: z.strictObject({
        installation: InstallationText,
        topic: z
          .string()
          .optional()
          .openapi({ description: "Topics, comma-separated; `*` at the end of one stands for any rest" }),
        last: z
          .string()
          .optional()
          .openapi({ description: "The id of the last event, for clients without Last-Event-ID" }),
      }),
      headers: z.object({ "last-event-id": z.string().optional() }),
    },
    responses: { 200: { description: summary, content: { "text/event-stream": { schema: z.string() } } } },
  });
}
