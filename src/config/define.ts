import type { z } from "zod";

/** One environment variable: its meaning for people, and the schema that reads it. */
export interface Variable {
  readonly name: string;
  readonly group: string;
  readonly schema: z.ZodType;
  readonly summary: string;
  readonly remedy: string;
  /** The value after the `=` in `.env.example`; empty for secrets. */
  readonly example: string;
  readonly secret: boolean;
  readonly fallback: string;
}

export function define<S extends z.ZodType>(
  group: string,
  name: string,
  schema: S,
  summary: string,
  more: { remedy: string; example?: string; secret?: boolean; fallback?: string },
): Variable & { readonly schema: S } {
  return {
    name,
    group,
    schema,
    summary,
    remedy: more.remedy,
    example: more.example ?? "",
    secret: more.secret ?? false,
    fallback: more.fallback ?? "",
  };
}
