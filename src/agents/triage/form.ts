import { parse } from "yaml";
import { z } from "zod";

const field = z.object({
  type: z.string(),
  attributes: z.object({ label: z.string().optional() }).catch({}).optional(),
  validations: z.object({ required: z.boolean().optional() }).catch({}).optional(),
});
const schema = z.object({ name: z.string(), labels: z.unknown().optional(), body: z.array(z.unknown()) });

/** An issue form of `.github/ISSUE_TEMPLATE`. Source: GitHub's 'Syntax for issue forms'. */
export interface IssueForm {
  readonly path: string;
  readonly name: string;
  /** The labels that the form sets. */
  readonly labels: readonly string[];
  /** Headings of all fields, and of the required ones. */
  readonly fields: readonly string[];
  readonly required: readonly string[];
}

export type ReadForm = { readonly form: IssueForm } | { readonly problem: string };

const MOST_TEXT = 100_000;

/** Reads one form. An invalid form becomes a note of the run, and causes no question to authors. */
export function readForm(path: string, text: string): ReadForm {
  if (text.length > MOST_TEXT) return { problem: `${path} is longer than ${MOST_TEXT} characters and was not read` };
  let data: unknown;
  try {
    data = parse(text, { maxAliasCount: 100 });
  } catch {
    return { problem: `${path} is not valid YAML; correct it, because GitHub does not show an invalid form` };
  }
  const parsed = schema.safeParse(data);
  if (!parsed.success) return { problem: `${path} is not an issue form: it needs 'name' and 'body'` };
  const fields = parsed.data.body.flatMap((each) => field.safeParse(each).data ?? []);
  const named = fields.filter(({ type }) => type !== "markdown" && type !== "checkboxes");
  const headings = (some: typeof fields) => some.flatMap(({ attributes }) => attributes?.label ?? []);
  return {
    form: {
      path,
      name: parsed.data.name,
      labels: labelsOf(parsed.data.labels),
      fields: headings(named),
      required: headings(named.filter(({ validations }) => validations?.required === true)),
    },
  };
}

function labelsOf(labels: unknown): readonly string[] {
  if (typeof labels === "string")
    return labels
      .split(",")
      .map((each) => each.trim())
      .filter((each) => each !== "");
  return z
    .array(z.string())
    .catch([])
    .parse(labels ?? []);
}

const NO_RESPONSE = /^_?no response_?$/i;
const HEADING = /^#{1,6}\s+(.{1,200})$/;

/** The text under each heading of a body, by heading in lower case. */
function sectionsOf(body: string): ReadonlyMap<string, string> {
  const sections = new Map<string, string>();
  let heading: string | null = null;
  for (const line of body.slice(0, 70_000).split("\n")) {
    const found = HEADING.exec(line.trimEnd())?.[1];
    if (found !== undefined) sections.set((heading = found.trim().toLowerCase()), "");
    else if (heading !== null) sections.set(heading, `${sections.get(heading) ?? ""}${line}\n`);
  }
  return sections;
}

export interface Completeness {
  readonly form: IssueForm;
  /** Required fields that the issue leaves empty. */
  readonly missing: readonly string[];
}

/** Finds the form of an issue: the one with at least half of its headings in the issue. Null: none. */
export function completenessOf(body: string, forms: readonly IssueForm[]): Completeness | null {
  const sections = sectionsOf(body);
  const share = ({ fields }: IssueForm) =>
    fields.filter((label) => sections.has(label.trim().toLowerCase())).length / Math.max(1, fields.length);
  const [best] = [...forms].sort((a, b) => share(b) - share(a));
  if (!best || best.fields.length === 0 || share(best) < 0.5) return null;
  const missing = best.required.filter((label) => {
    const text = sections.get(label.trim().toLowerCase())?.trim() ?? "";
    return text === "" || NO_RESPONSE.test(text);
  });
  return { form: best, missing };
}
