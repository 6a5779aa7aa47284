import { z } from "zod";
import { nameList } from "../../settings/glob-setting.js";
import type { Section } from "../../settings/section.js";

const labelName = z.string().min(1).max(100);

/** `triage:` in the settings. */
export const triageSettings = z.strictObject({
  enabled: z.boolean().default(true).describe("Whether new issues are triaged"),
  waitMinutes: z
    .number()
    .min(0)
    .max(1_440)
    .default(5)
    .describe("How long a new issue waits, so that a person can be first"),
  ignore: z
    .strictObject({
      authors: nameList
        .default(["*[bot]"])
        .describe("Logins whose issues are not triaged; `*` stands for any characters"),
    })
    .prefault({}),
  labels: z
    .strictObject({
      enabled: z.boolean().default(true).describe("Add labels that the repository's history taught"),
      precision: z
        .number()
        .min(0.5)
        .max(0.99)
        .default(0.9)
        .describe("The precision that a label must have proven on later issues; below it the label stays silent"),
      only: z
        .array(labelName)
        .max(200)
        .nullable()
        .default(null)
        .describe("Labels that may be added; null: every label of the repository"),
    })
    .prefault({}),
  questions: z.boolean().default(true).describe("Ask once for required fields of the issue form that are empty"),
  security: z.boolean().default(true).describe("Point the author of a likely security report to the security policy"),
  duplicates: z
    .strictObject({
      enabled: z.boolean().default(true).describe("Look for similar issues, shown to maintainers in the run only"),
      shown: z.int().min(1).max(10).default(3).describe("How many similar issues a run names"),
    })
    .prefault({}),
  writesPerDay: z
    .int()
    .min(0)
    .max(10_000)
    .default(100)
    .describe("The most labels and comments that triage writes in this repository in 24 hours"),
});
export type TriageSettings = Readonly<z.output<typeof triageSettings>>;

export const TRIAGE: Section<TriageSettings> = {
  name: "triage",
  about: "The issue triage agent",
  schema: triageSettings,
  example: `triage:
  enabled: true

  # A person may be first: what people decided is never changed.
  waitMinutes: 5

  ignore:
    authors: ["*[bot]"]

  # A label is added only when it was right often enough in this repository.
  labels:
    enabled: true
    precision: 0.9
    only: [bug, enhancement, question]

  # One question at most, about required fields of the issue form.
  questions: true

  # A likely security report is pointed to SECURITY.md, and never quoted.
  security: true

  # Shown to maintainers in the run; never posted.
  duplicates:
    enabled: true
    shown: 3

  writesPerDay: 100
`,
};
