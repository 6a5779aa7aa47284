import { z } from "@hono/zod-openapi";

/** GitHub's ids may exceed a JavaScript number, so they are texts. */
export const Id = z.string().regex(/^\d+$/).openapi({ example: "52341" });
export const Time = z.iso.datetime().openapi({ description: "ISO 8601, UTC", example: "2026-11-30T12:00:00.000Z" });
export const Text = z.string().min(1).max(200).optional();
export const RepositoryName = z
  .string()
  .max(200)
  .regex(/^[\w.-]+\/[\w.-]+$/, "must be owner/name");

const SAID = "must be the id of an installation, a whole number";
const Digits = z.string(SAID).regex(/^[1-9]\d{0,17}$/, SAID);

/** An installation in a query. Query schemas have equal input and output types, so that they can be parsed in parts. */
export const InstallationText = Digits.optional().openapi({ description: "Only this installation", example: "52341" });
/** The same in a JSON body, as a number or text. */
export const InstallationId = z.union([z.int(SAID).positive(SAID), Digits], SAID);

/** The parameters of every list. */
export const Paging = z.object({
  installation: InstallationText,
  limit: z.coerce.number().int().min(1).max(100).default(50).openapi({ description: "Rows a page, 1 to 100" }),
  cursor: z.string().max(200).optional().openapi({ description: "`next` of the page before" }),
});

export const InstallationOnly = z.strictObject({ installation: InstallationText });

/** A page of a list. */
export function pageOf<T extends z.ZodType>(name: string, item: T) {
  return z
    .object({
      items: z.array(item),
      next: z.string().nullable().openapi({ description: "The cursor of the next page; null on the last one" }),
      searchedTo: Time.nullable().openapi({
        description: "The time at which the filter stopped searching; null: all rows were searched",
      }),
    })
    .openapi(name);
}

export function iso(date: Date): string;
export function iso(date: Date | null): string | null;
export function iso(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
