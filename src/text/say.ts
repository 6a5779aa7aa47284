import { z } from "zod";

/** Text that somebody else wrote: it is shown, and never interpreted. */
export interface Quoted {
  readonly quoted: string;
}

/** Text of the operators, from the settings: prose, with everything disarmed that GitHub would act on. */
export interface Told {
  readonly told: string;
}

/** A message in which our words and other people's are kept apart until it is rendered. */
export interface Said {
  readonly parts: readonly (string | Quoted | Told)[];
}

/** A message that comes from another process or from a row. */
export const said: z.ZodType<Said> = z.object({
  parts: z.array(z.union([z.string(), z.object({ quoted: z.string() }), z.object({ told: z.string() })])),
});

/**
 * Builds a message. The template is ours; every string put into it is taken for somebody else's and rendered as such.
 * Numbers are ours. Another message keeps its own distinction.
 */
export function say(ours: TemplateStringsArray, ...values: readonly (string | number | Said)[]): Said {
  return { parts: ours.flatMap((text, index) => [text, ...partsOf(values[index])]).filter((part) => part !== "") };
}

/** Messages in a row, with our own text between them. */
export function join(messages: readonly Said[], separator: string): Said {
  return { parts: messages.flatMap(({ parts }, index) => (index === 0 ? parts : [separator, ...parts])) };
}

/** Names in a row: the first ones, and how many more there are. */
export function list(names: readonly string[], most = 5): Said {
  const shown = join(
    names.slice(0, most).map((name) => say`${name}`),
    ", ",
  );
  return names.length > most ? say`${shown} and ${names.length - most} more` : shown;
}

/** The message without what other people wrote. */
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
