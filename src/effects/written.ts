import { z } from "zod";
import { InvalidError } from "../errors.js";
import type { RestAnswer } from "../github/client.js";

/** The used fields of a comment, review, issue, reaction or check run. */
export const Written = z.object({
  id: z.coerce.string(),
  number: z.int().optional(),
  html_url: z.string().nullish(),
  body: z.string().nullish(),
});
export type Written = z.output<typeof Written>;

/** GitHub's answer to a write. */
export function writtenOf(answer: RestAnswer): { readonly githubId: string; readonly url: string | null } {
  const written = parse(Written, answer.data);
  return { githubId: written.id, url: written.html_url ?? null };
}

export function parse<T>(schema: z.ZodType<T>, data: unknown): T {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  throw new InvalidError(`GitHub's answer to a write has an unexpected shape: ${z.prettifyError(result.error)}`);
}
