import { GraphQLError, type GraphQLFieldResolver, type GraphQLTypeResolver } from "graphql";
import type { Args } from "./connection.js";
import type { Context } from "./context.js";
import { UNHANDLED } from "./define.js";
import { resolverOf } from "./types/index.js";
import { typeNameOf } from "./type-name.js";

/** Resolves every field of the schema through the tables of `types/`; one that is in none makes the answer a 501. */
export const resolveField: GraphQLFieldResolver<unknown, Context, Args> = (source, args, context, info) => {
  const { name } = info.parentType;
  const value = resolverOf(name)?.(info.fieldName, source, args, context) ?? null;
  if (value !== UNHANDLED && (value !== null || resolverOf(name) !== undefined)) return value;
  context.unhandled.add(`${name}.${info.fieldName}`);
  throw new GraphQLError(`The simulated GitHub has no resolver for ${name}.${info.fieldName}`);
};

export const resolveType: GraphQLTypeResolver<unknown, Context> = (value) => typeNameOf(value);
