import type { Rule } from "@ast-grep/napi";
import { z } from "zod";

type Relation = NonNullable<Rule["inside"]>;

const stopBy: z.ZodType<"neighbor" | "end" | Rule> = z.lazy(() => z.union([z.enum(["neighbor", "end"]), astRule]));
const relation: z.ZodType<Relation> = z.lazy(() =>
  z.strictObject({ ...fields(), stopBy: stopBy.exactOptional(), field: z.string().exactOptional() }),
);
const position = z.strictObject({ line: z.int().nonnegative(), column: z.int().nonnegative() });

/** ast-grep's rule object, as its reference documents it (https://ast-grep.github.io/reference/rule.html). */
export const astRule: z.ZodType<Rule> = z.lazy(() => z.strictObject(fields()));

function fields() {
  const pattern = z.strictObject({
    context: z.string(),
    selector: z.string().exactOptional(),
    strictness: z.enum(["cst", "smart", "ast", "relaxed", "signature"]).exactOptional(),
  });
  const nthChild = z.strictObject({
    position: z.union([z.string(), z.number()]),
    ofRule: astRule.exactOptional(),
    reverse: z.boolean().exactOptional(),
  });
  return {
    pattern: z.union([z.string(), pattern]).exactOptional(),
    kind: z.string().exactOptional(),
    range: z.strictObject({ start: position, end: position }).exactOptional(),
    regex: z.string().exactOptional(),
    nthChild: z.union([z.number(), z.string(), nthChild]).exactOptional(),
    inside: relation.exactOptional(),
    has: relation.exactOptional(),
    precedes: relation.exactOptional(),
    follows: relation.exactOptional(),
    all: z.array(astRule).exactOptional(),
    any: z.array(astRule).exactOptional(),
    not: astRule.exactOptional(),
    matches: z.string().exactOptional(),
  };
}
