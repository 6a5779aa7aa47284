import type { Args } from "./connection.js";
import type { Context } from "./context.js";

export type Fields<S> = {
  readonly [field: string]: (source: S, args: Args, context: Context) => unknown;
};

/** The resolvers of one type of the schema: finds the field and checks that the source is what it works on. */
export type TypeResolver = (field: string, source: unknown, args: Args, context: Context) => unknown;

/** Says that there is no resolver for the field. */
export const UNHANDLED = Symbol("no resolver");

export function define<S>(is: (source: unknown) => source is S, fields: Fields<S>): TypeResolver {
  return (field, source, args, context) => {
    const resolver = fields[field];
    return resolver === undefined || !is(source) ? UNHANDLED : resolver(source, args, context);
  };
}

interface Kinded {
  readonly kind: string;
}

function isKinded(value: unknown): value is Kinded {
  return typeof value === "object" && value !== null && "kind" in value;
}

/** Whether the source is a node of that kind. */
export function ofKind<N extends Kinded>(kind: N["kind"]): (source: unknown) => source is N {
  return (source): source is N => isKinded(source) && source.kind === kind;
}

export function ofClass<C>(type: abstract new (...args: never[]) => C): (source: unknown) => source is C {
  return (source): source is C => source instanceof type;
}
