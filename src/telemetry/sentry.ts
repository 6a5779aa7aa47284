import { redact } from "../log.js";
import { parseJson } from "../unchecked.js";
import { type ErrorTracker, UNTRACKED } from "./error-tracker.js";
import { referenceOf } from "./reference.js";

export interface SentryOptions {
  /** SENTRY_DSN; without one nothing is loaded and nothing is sent. */
  readonly dsn: string | undefined;
  /** Exact values that are taken out of every event, as out of the log. */
  readonly secrets: readonly string[];
}

const PATIENCE_MS = 5_000;

/**
 * Error tracking by Sentry, or what speaks its protocol. Only what is captured is sent: no request, no environment, no
 * breadcrumb is collected by itself.
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
    // In place: this is the last look before it is sent.
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
