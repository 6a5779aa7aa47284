import { z } from "zod";
import { ifReadable, instant, text } from "../../facts/scalars.js";

export { ifReadable, instant, text };

/** GitHub's `BigInt` is text; ids fit in a double. */
export const bigId = z.union([z.number().int(), z.string().regex(/^\d+$/).transform(Number)]);

export const RateLimit = z
  .object({ cost: z.number().int(), limit: z.number().int(), remaining: z.number().int(), resetAt: instant })
  .nullable();
export type RateLimit = z.infer<typeof RateLimit>;

/** In every answer; null on an Enterprise Server without limits. */
export const Costs = z.object({ rateLimit: RateLimit });

/** A connection that is only counted, which is free. */
export const Count = z.object({ totalCount: z.number().int() });

export const PageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() });
export type PageInfo = z.infer<typeof PageInfo>;

/** A page of a connection. A node that the viewer may not see is null. */
export function connection<T extends z.ZodType>(node: T) {
  return z.object({
    pageInfo: PageInfo,
    nodes: z
      .array(node.nullable())
      .nullable()
      .transform((nodes) => (nodes ?? []).filter((each): each is NonNullable<typeof each> => each !== null)),
  });
}

export interface Connection<T> {
  readonly pageInfo: PageInfo;
  readonly nodes: readonly T[];
}
