import type { Inspection, SecretHit } from "./protocol.js";

/** Whether a line must not be shown or sent: it contains a secret, or its file could not be searched for secrets. */
export function mayHoldSecret(inspection: Inspection | undefined, line: number, endLine = line): boolean {
  return !inspection?.searched || coversSecret(inspection.secrets, line, endLine);
}

export function coversSecret(secrets: readonly SecretHit[], line: number, endLine = line): boolean {
  return secrets.some((secret) => secret.startLine <= endLine && secret.endLine >= line);
}
