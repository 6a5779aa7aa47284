import type { Log } from "../log.js";
import { traceIdOf } from "../telemetry/tracing.js";
import { readEnvelope } from "./envelope.js";
import type { Payload } from "./payload.js";

/**
 * A log whose lines carry the delivery's GUID, its trace and its installation. The installation is null before the
 * payload is read, and when the payload names none.
 */
export function deliveryLog(log: Log, guid: string, payload: Payload | null = null): Log {
  const installationId = payload && readEnvelope(payload).installationId;
  const installation = installationId === null ? null : String(installationId);
  return log.child({ delivery: guid, trace: traceIdOf(guid), installation });
}
