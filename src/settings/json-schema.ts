import { z } from "zod";
import type { SettingsBook } from "./book.js";

const node = z.looseObject({
  properties: z.record(z.string(), z.unknown()).optional(),
  propertyNames: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
});

/** The text of `docs/companyos.schema.json`, for editors. */
export function settingsJsonSchema({ schema }: Pick<SettingsBook, "schema">): string {
  const text = { title: "companyos-github: .github/companyos.yml", ...inputOf(schema) };
  return `${JSON.stringify(text, null, 2)}\n`;
}

/** Every name that may be a key in a settings file, for suggestions. Slow to compute. */
export function namesIn(schema: z.ZodType): readonly string[] {
  const names = new Set<string>();
  collect(inputOf(schema), false, names);
  return [...names];
}

function collect(value: unknown, isName: boolean, names: Set<string>): void {
  if (Array.isArray(value)) for (const each of value) collect(each, isName, names);
  const at = node.safeParse(value).data;
  if (!at || Array.isArray(value)) return;
  for (const name of Object.keys(at.properties ?? {})) names.add(name);
  if (isName) for (const name of at.enum ?? []) names.add(String(name));
  for (const [key, child] of Object.entries(at)) {
    if (key === "properties") collect(Object.values(at.properties ?? {}), false, names);
    else collect(child, key === "propertyNames" || (isName && key === "anyOf"), names);
  }
}

function inputOf(schema: z.ZodType) {
  return z.toJSONSchema(schema, { io: "input", target: "draft-7" });
}
