/** System calls and name resolution (Node), the HTTP client behind `fetch` (undici), and connection pools. */
const CODES: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "ENETUNREACH",
  "ENETDOWN",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ERR_STREAM_PREMATURE_CLOSE",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_SOCKET",
  "UND_ERR_CLOSED",
  "UND_ERR_DESTROYED",
  // Prisma: not reachable, timed out, closed by the server, no free connection, write conflict or deadlock.
  "P1001",
  "P1002",
  "P1008",
  "P1017",
  "P2024",
  "P2034",
]);

/**
 * SQLSTATE codes of temporary failures: connection exceptions (08), out of resources (53), shut down, starting or idle
 * for too long (57P, 25P03), rolled back by the server (40001, 40P01), and statement or lock time-outs (55P03, 57014).
 */
const SQLSTATE = /^(?:08|53|57P)[0-9A-Z]+$|^(?:40001|40P01|25P03|55P03|57014)$/;

/** Names of error classes that always mean a missing answer. */
const NAMES: ReadonlySet<string> = new Set([
  "TimeoutError",
  "PrismaClientInitializationError",
  "MaxRetriesPerRequestError",
]);

/** Whether an error or one of its causes means a missing answer, so that a retry may succeed. */
export function isConnectionError(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 5) return false;
  if (NAMES.has(error.name)) return true;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (CODES.has(code) || (code.length === 5 && SQLSTATE.test(code))) return true;
  return isConnectionError(error.cause, depth + 1);
}
