import { kindOf, messageOf } from "../errors.js";
import { redact } from "../log.js";
import { referenceOf } from "./reference.js";
import { rootSpanIdOf, type SpanOptions, type Tracing, UNTRACED } from "./tracing.js";

/**
 * OpenTelemetry traces, sent by OTLP over HTTP. Loaded only with a destination. The packages read the other standard
 * variables (OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_TRACES_SAMPLER, OTEL_EXPORTER_OTLP_HEADERS, …)
 * themselves. Nothing global is set.
 * @param url the destination of traces; undefined: nothing is loaded.
 */
export async function openTracing(url: string | undefined): Promise<Tracing> {
  if (url === undefined) return UNTRACED;
  const [api, sdk, { OTLPTraceExporter }, resources, { AsyncLocalStorageContextManager }] = await Promise.all([
    import("@opentelemetry/api"),
    import("@opentelemetry/sdk-trace-base"),
    import("@opentelemetry/exporter-trace-otlp-http"),
    import("@opentelemetry/resources"),
    import("@opentelemetry/context-async-hooks"),
  ]);
  const random = new sdk.RandomIdGenerator();
  /** The id of the next span, which starts at once. */
  let next: { readonly traceId: string; readonly spanId: string } | null = null;
  const provider = new sdk.BasicTracerProvider({
    resource: resources
      .resourceFromAttributes({ "service.name": "companyos-github" })
      .merge(resources.detectResources({ detectors: [resources.envDetector] })),
    idGenerator: {
      generateTraceId: () => next?.traceId ?? random.generateTraceId(),
      generateSpanId: () => next?.spanId ?? random.generateSpanId(),
    },
    spanProcessors: [new sdk.BatchSpanProcessor(new OTLPTraceExporter({ url }), { scheduledDelayMillis: 1_000 })],
  });
  const tracer = provider.getTracer("companyos-github");
  const contexts = new AsyncLocalStorageContextManager().enable();

  const parentOf = ({ trace, root }: SpanOptions) => {
    const active = contexts.active();
    if (!trace || root || api.trace.getSpan(active)) return root ? api.ROOT_CONTEXT : active;
    const remote = { traceId: trace, spanId: rootSpanIdOf(trace), traceFlags: api.TraceFlags.SAMPLED, isRemote: true };
    return api.trace.setSpanContext(active, remote);
  };
  const start = (name: string, options: SpanOptions) => {
    const { trace, root, attributes = {} } = options;
    next = trace && root ? { traceId: trace, spanId: rootSpanIdOf(trace) } : null;
    const parent = parentOf(options);
    const span = tracer.startSpan(name, { attributes }, parent);
    next = null;
    return { span, context: api.trace.setSpan(parent, span) };
  };

  return {
    async span(name, options, work) {
      const { span, context } = start(name, options);
      try {
        return await contexts.with(context, work);
      } catch (error) {
        span.setStatus({ code: api.SpanStatusCode.ERROR, message: redact(messageOf(error)) });
        span.recordException(exceptionOf(error));
        if (kindOf(error) === "unknown") span.setAttribute("companyos.reference", referenceOf(error));
        throw error;
      } finally {
        span.end();
      }
    },
    async close() {
      // Spans that cannot be sent are lost, because the process is ending.
      await provider.shutdown().catch(() => undefined);
      contexts.disable();
    },
  };
}

/** The error without its secrets, but with its stack, for readers who have only the trace. */
function exceptionOf(error: unknown) {
  const { name, stack } = error instanceof Error ? error : { name: "Error", stack: undefined };
  return { name, message: redact(messageOf(error)), ...(stack !== undefined && { stack: redact(stack) }) };
}
