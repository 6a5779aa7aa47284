import { createHash } from "node:crypto";

export interface SpanOptions {
  /** The trace that it belongs to, where no span is active; null or absent: a trace of its own. */
  readonly trace?: string | null;
  /** It is where that trace begins. */
  readonly root?: boolean;
  readonly attributes?: Readonly<Record<string, string | number>>;
}

/** Spans of OpenTelemetry, or nothing at all. */
export interface Tracing {
  /** Runs the work within a span: spans that it opens are below. What it throws is recorded, without secrets, and thrown on. */
  span<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T>;
  /** Sends what waits, for some seconds at most. */
  close(): Promise<void>;
}

export const UNTRACED: Tracing = { span: (_name, _options, work) => work(), close: () => Promise.resolve() };

/**
 * The trace of a delivery, 32 hexadecimal digits: its GUID, which has as many. So every process finds the same trace, and
 * whoever has a delivery finds its trace.
 */
export function traceIdOf(guid: string): string {
  const digits = guid.replaceAll("-", "").toLowerCase();
  if (/^[0-9a-f]{32}$/.test(digits) && !/^0+$/.test(digits)) return digits;
  return createHash("sha256").update(guid).digest("hex").slice(0, 32);
}

/** The id of the span where a trace begins, known to all who hang theirs below it. */
export function rootSpanIdOf(trace: string): string {
  return createHash("sha256").update(trace).digest("hex").slice(0, 16);
}

/** A span for each exchange with GitHub: its method and path, never its query. Nothing is added to the request. */
export function tracedFetch(tracing: Tracing, fetchNow: typeof fetch = (...call) => fetch(...call)): typeof fetch {
  return (input, init) => {
    const { pathname, host } = new URL(input instanceof Request ? input.url : input);
    const method = init?.method ?? "GET";
    const attributes = { "http.request.method": method, "server.address": host, "url.path": pathname };
    return tracing.span(`GitHub ${method}`, { attributes }, () => fetchNow(input, init));
  };
}
