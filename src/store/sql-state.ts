/** Whether PostgreSQL refused a statement because of a unique index (SQLSTATE 23505). */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "23505";
}

/**
 * Whether PostgreSQL ended the transaction because of a deadlock or a serialisation failure (40P01, 40001): run it
 * again.
 */
export function isDeadlock(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "40P01" || error.code === "40001");
}
