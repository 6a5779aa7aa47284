/** The result of one check. `remedy` is an instruction that the operator can follow. */
export interface Finding {
  readonly check: string;
  readonly status: "ok" | "problem" | "unknown";
  readonly detail: string;
  readonly remedy: string | null;
}

export function ok(check: string, detail: string): Finding {
  return { check, status: "ok", detail, remedy: null };
}

export function problem(check: string, detail: string, remedy: string): Finding {
  return { check, status: "problem", detail, remedy };
}

/** The check could not be made; `detail` says why. */
export function unknown(check: string, detail: string): Finding {
  return { check, status: "unknown", detail, remedy: null };
}
