/** What a caller needs to go on from a change's result. */
export interface Summary {
  readonly id?: number;
  readonly number?: number;
  readonly sha?: string;
}

function field(value: object, name: string): unknown {
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

/** The ids in the result of a change; the whole would be cyclic. */
export function summaryOf(result: unknown): Summary {
  if (typeof result === "string") return { sha: result };
  if (typeof result !== "object" || result === null) return {};
  const id = field(result, "id");
  const number = field(result, "number");
  const sha = field(result, "headSha") ?? field(result, "sha");
  return {
    ...(typeof id === "number" ? { id } : {}),
    ...(typeof number === "number" ? { number } : {}),
    ...(typeof sha === "string" ? { sha } : {}),
  };
}
