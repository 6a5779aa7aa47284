import { z } from "zod";
import { namesIn } from "./json-schema.js";
import { mergeLayers } from "./merge.js";
import { type Layer, type ParsedSettings, parseSettings } from "./parse.js";
import type { Section, Settings } from "./section.js";

/** `.github/companyos.yml` as this process reads it: the registered sections only. */
export interface SettingsBook {
  readonly sections: readonly Section<unknown>[];
  /** Strict, so that a typing error is reported. */
  readonly schema: z.ZodType<Settings>;
  /** The settings without any file. */
  readonly defaults: Settings;
  /** Reads one file. All problems are reported at once, each with its line. */
  parse(text: string): ParsedSettings;
  /** The settings in force: layers from the most general to the most specific. */
  merge(...layers: readonly Layer[]): Settings;
}

/** All reads of settings use the one book that `src/runs/registry.ts` creates. */
export function settingsBook(sections: readonly Section<unknown>[]): SettingsBook {
  const schema = schemaOf(sections);
  let known: readonly string[] | null = null;
  // Computed only for a file with an unknown name.
  const names = () => (known ??= namesIn(schema));
  const replaced = new Set(sections.flatMap((section) => section.replaced ?? []));
  return {
    sections,
    schema,
    defaults: schema.parse({}),
    parse: (text) => parseSettings({ schema, names }, text),
    merge: (...layers) => schema.parse(mergeLayers(layers, replaced)),
  };
}

function schemaOf(sections: readonly Section<unknown>[]): z.ZodType<Settings> {
  const named = sections.map(({ name, about, schema }) => [name, schema.prefault({}).describe(about)] as const);
  return z.strictObject({
    _extends: z
      .union([z.string(), z.array(z.string()).max(5)])
      .optional()
      .describe("Another repository's file that this one extends"),
    shadow: z
      .boolean()
      .default(false)
      .describe("Shadow mode: decide and record everything, and write nothing to GitHub"),
    ...Object.fromEntries(named),
  });
}
