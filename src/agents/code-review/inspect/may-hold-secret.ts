import type { Inspection, SecretHit } from "./protocol.js";

/** Whether a line must not be shown or sent: a secret is in it, or nobody could look for one in its file. */
export function mayHoldSecret(inspection: Inspection | undefined, line: number, endLine = line): boolean {
  return !inspection?.searched || coversSecret(inspection.secrets, line, endLine);
}

export function coversSecret(secrets: readonly SecretHit[], line: number, endLine = line): boolean {
  return secrets.some((secret) => secret.startLine <= endLine && secret.endLine >= line);
}
