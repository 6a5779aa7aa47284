import type { Inspection } from "./protocol.js";

/** Whether a line must not be shown or sent: a secret is in it, or nobody could look for one in its file. */
export function mayHoldSecret(inspection: Inspection | undefined, line: number, endLine = line): boolean {
  if (!inspection?.searched) return true;
  return inspection.secrets.some((secret) => secret.startLine <= endLine && secret.endLine >= line);
}
