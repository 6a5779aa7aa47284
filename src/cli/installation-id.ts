import { InvalidArgumentError } from "commander";

/** @throws InvalidArgumentError when the text is not an id. */
export function toId(text: string): bigint {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("An installation's id is a whole number.");
  return BigInt(text);
}
