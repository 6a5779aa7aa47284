import { createHash } from "node:crypto";

export interface SpanOptions {
  /** Its trace when no span is active; null or absent: a new trace. */
  readonly trace?: string | null;
  /** Whether the trace begins here. */
  readonly root?: boolean;
  readonly attributes?: Readonly<Record<string, string | number>>;
}

/** OpenTelemetry spans, or a no-op. */
export interface Tracing {
  /**
   * Runs the work within a span; spans opened inside become its children. Errors are recorded without secrets and
   * rethrown.
   */
  span<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T>;
  /** Sends waiting spans, for some seconds at most. */
  close(): Promise<void>;
}

export const UNTRACED: Tracing = { span: (_name, _options, work) => work(), close: () => Promise.resolve() };

/**
 * The trace id of a delivery, 32 hexadecimal digits: its GUID, which has as many. Every process derives the same trace,
 * and the GUID leads to it.
 */
export function traceIdOf(guid: string): string {
  const digits = guid.replaceAll("-", "").toLowerCase();
  if (/^[0-9a-f]{32}$/.test(digits) && !/^0+$/.test(digits)) return digits;
  return createHash("sha256").update(guid).digest("hex").slice(0, 32);
}

/** The id of the trace's first span, which other processes use as a parent. */
export function rootSpanIdOf(trace: string): string {
  return createHash("sha256").update(trace).digest("hex").slice(0, 16);
}

/** A span for each exchange with GitHub: its method and path, never its query. The request itself is unchanged. */
export function tracedFetch(tracing: Tracing, fetchNow: typeof fetch = (...call) => fetch(...call)): typeof fetch {
  return (input, init) => {
    const { pathname, host } = new URL(input instanceof Request ? input.url : input);
    const method = init?.method ?? "GET";
    const attributes = { "http.request.method": method, "server.address": host, "url.path": pathname };
    return tracing.span(`GitHub ${method}`, { attributes }, () => fetchNow(input, init));
  };
}
