import { z } from "zod";

export const text = z.string().trim().min(1);
export const url = (protocols: RegExp) =>
  z.url({ protocol: protocols, hostname: /.+/, error: "is not a valid address for this variable" });
export const number = (min: number, max: number) => {
  const error = `must be a number from ${min} to ${max}`;
  return z.coerce.number(error).min(min, error).max(max, error);
};
export const wholeNumber = (min: number, max = Number.MAX_SAFE_INTEGER) => {
  const range = max === Number.MAX_SAFE_INTEGER ? `above ${min - 1}` : `from ${min} to ${max}`;
  const error = `must be a whole number ${range}`;
  return z.coerce.number(error).refine((value) => Number.isInteger(value) && min <= value && value <= max, error);
};
export const oneOf = <const T extends readonly string[]>(values: T) =>
  z.enum(values, {
    error: ({ input }) =>
      `is ${JSON.stringify(input)}; it must be ${values.slice(0, -1).join(", ")} or ${values.at(-1)}`,
  });
/** Probot also reads this value and prefixes it with `https://`. */
export const hostName = z
  .string()
  .regex(/^[\w.-]+(?::\d+)?$/, "must be a host name alone, without https:// and without a path");
export const flag = oneOf(["1", "0", "true", "false", "yes", "no"]).transform(
  (value) => value === "1" || value === "true" || value === "yes",
);

/** Secrets from public examples. With them anyone could sign deliveries. */
const DEFAULT_SECRETS = new Set(["development", "secret", "changeme", "change-me", "webhook-secret", "password"]);
export const MIN_SECRET = 16;

export const webhookSecrets = z
  .string()
  .transform((value) => value.split(",").map((part) => part.trim()))
  .superRefine((parts, context) => {
    for (const part of parts) {
      if (DEFAULT_SECRETS.has(part.toLowerCase()))
        context.addIssue({ code: "custom", message: "is a well-known default" });
      else if (part.length < MIN_SECRET)
        context.addIssue({
          code: "custom",
          message: `has ${part.length} characters; it needs at least ${MIN_SECRET}`,
        });
    }
  });

export const encryptionKeys = z
  .string()
  .transform((value) => value.split(",").map((part) => part.trim()))
  .superRefine((parts, context) => {
    const ids = new Set<string>();
    for (const part of parts) {
      const [id = "", key] = part.split(/:(.*)/s);
      if (!/^[\w-]+$/.test(id) || !key || Buffer.from(key, "base64").length !== 32)
        context.addIssue({ code: "custom", message: "must be id:base64 of 32 bytes, comma-separated" });
      if (ids.has(id)) context.addIssue({ code: "custom", message: `has two keys with the id ${id}` });
      ids.add(id);
    }
  });

/** Logins are compared without case. */
export const logins = z
  .string()
  .regex(/^[\s\w,[\]-]+$/, "must be GitHub logins, comma-separated")
  .transform((value) =>
    value
      .split(",")
      .map((part) => part.trim().toLowerCase())
      .filter((part) => part !== ""),
  );
