import type { Log } from "../log.js";
import { traceIdOf } from "../telemetry/tracing.js";
import { readEnvelope } from "./envelope.js";
import type { Payload } from "./payload.js";

/**
 * Every line about a delivery says which it is, its trace, and its installation: null at the door, and where there is none
 * or the payload cannot be read.
 */
export function deliveryLog(log: Log, guid: string, payload: Payload | null = null): Log {
  const installationId = payload && readEnvelope(payload).installationId;
  const installation = installationId === null ? null : String(installationId);
  return log.child({ delivery: guid, trace: traceIdOf(guid), installation });
}
