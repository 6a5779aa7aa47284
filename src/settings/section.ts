import type { z } from "zod";

/** One part of `.github/companyos.yml`, defined by the agent or job that reads it. */
export interface Section<S> {
  /** Its key in the file, such as `review`. */
  readonly name: string;
  /** One line for the reference and for editors. */
  readonly about: string;
  /** A strict object; an empty one gives the defaults. */
  readonly schema: z.ZodType<S>;
  /** Annotated YAML for the reference, with its key. */
  readonly example: string;
  /** Maps whose entries a more specific layer replaces as a whole. */
  readonly replaced?: readonly string[];
  /** Markdown after the table of settings in the reference. */
  readonly appendix?: string;
}

/** The settings in force for a repository: `shadow`, and a value for each section. */
export interface Settings {
  /** Decide and record everything, and write nothing. */
  readonly shadow: boolean;
  readonly [section: string]: unknown;
}

/** A section's own settings. */
export function sectionOf<S>(settings: Settings, { name, schema }: Section<S>): S {
  return schema.parse(settings[name] ?? {});
}
