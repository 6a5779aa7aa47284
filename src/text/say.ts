import { z } from "zod";

/** Foreign text: shown, and never interpreted. */
export interface Quoted {
  readonly quoted: string;
}

/** Text of operators, from the settings: prose, with GitHub syntax escaped. */
export interface Told {
  readonly told: string;
}

/** A message that keeps the app's words and foreign text apart until it is rendered. */
export interface Said {
  readonly parts: readonly (string | Quoted | Told)[];
}

/** A message from another process or from a row. */
export const said: z.ZodType<Said> = z.object({
  parts: z.array(z.union([z.string(), z.object({ quoted: z.string() }), z.object({ told: z.string() })])),
});

/**
 * Builds a message. The template is the app's own text; every interpolated string counts as foreign and is rendered
 * that way. Numbers are the app's. A nested message keeps its own distinction.
 */
export function say(ours: TemplateStringsArray, ...values: readonly (string | number | Said)[]): Said {
  return { parts: ours.flatMap((text, index) => [text, ...partsOf(values[index])]).filter((part) => part !== "") };
}

/** Joins messages with the app's own text. */
export function join(messages: readonly Said[], separator: string): Said {
  return { parts: messages.flatMap(({ parts }, index) => (index === 0 ? parts : [separator, ...parts])) };
}

/** Joins names: the first ones, and the number of others. */
export function list(names: readonly string[], most = 5): Said {
  const shown = join(
    names.slice(0, most).map((name) => say`${name}`),
    ", ",
  );
  return names.length > most ? say`${shown} and ${names.length - most} more` : shown;
}

/** The message without foreign text. */
export function oursOnly({ parts }: Said): Said {
  return { parts: parts.filter((part) => typeof part === "string" || "told" in part) };
}

/** A message that the operators wrote. */
export function told(text: string): Said {
  return { parts: [{ told: text }] };
}

function partsOf(value: string | number | Said | undefined): Said["parts"] {
  if (value === undefined) return [];
  if (typeof value === "number") return [String(value)];
  return typeof value === "string" ? [{ quoted: value }] : value.parts;
}
