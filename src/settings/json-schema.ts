import { z } from "zod";
import { settingsSchema } from "./schema.js";

/** The text of `docs/companyos.schema.json`, for editors: what people may write, defaults left out or not. */
export function settingsJsonSchema(): string {
  const schema = z.toJSONSchema(settingsSchema, { io: "input", target: "draft-7" });
  return `${JSON.stringify({ title: "companyos-github: .github/companyos.yml", ...schema }, null, 2)}\n`;
}
