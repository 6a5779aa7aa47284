import { redact } from "../log.js";
import { parseJson } from "../unchecked.js";
import { type ErrorTracker, UNTRACKED } from "./error-tracker.js";
import { referenceOf } from "./reference.js";

export interface SentryOptions {
  /** SENTRY_DSN; without it nothing is loaded or sent. */
  readonly dsn: string | undefined;
  /** Exact values that are redacted in every event, as in the log. */
  readonly secrets: readonly string[];
}

const PATIENCE_MS = 5_000;

/**
 * Error tracking by Sentry or a compatible service. Sends only captured errors: it collects no requests, environment or
 * breadcrumbs.
 */
export async function openErrorTracker({ dsn, secrets }: SentryOptions): Promise<ErrorTracker> {
  if (dsn === undefined) return UNTRACKED;
  const { createStackParser, createTransport, Scope } = await import("@sentry/core");
  const { nodeStackLineParser, ServerRuntimeClient } = await import("@sentry/core/server");
  const client = new ServerRuntimeClient({
    dsn,
    integrations: [],
    stackParser: createStackParser(nodeStackLineParser()),
    transport: (options) =>
      createTransport(options, async ({ body }) => {
        const sent = typeof body === "string" ? body : Buffer.from(body);
        const response = await fetch(options.url, {
          method: "POST",
          body: sent,
          headers: { "content-type": "application/x-sentry-envelope" },
          signal: AbortSignal.timeout(PATIENCE_MS),
        });
        await response.body?.cancel();
        const header = (name: string): string | null => response.headers.get(name);
        const headers = {
          "x-sentry-rate-limits": header("x-sentry-rate-limits"),
          "retry-after": header("retry-after"),
        };
        return { statusCode: response.status, headers };
      }),
  });
  client.on("beforeEnvelope", (envelope) => {
    // In place, because this is the last step before sending.
    const clean: unknown = parseJson(redact(JSON.stringify(envelope[1]), secrets));
    if (Array.isArray(clean)) Object.assign(envelope[1], clean);
  });
  client.init();
  return {
    capture(error, about) {
      const scope = new Scope();
      scope.setTags(about);
      const reference = referenceOf(error);
      client.captureException(error, { event_id: reference }, scope);
      return reference;
    },
    async close() {
      await client.close(PATIENCE_MS);
    },
  };
}
