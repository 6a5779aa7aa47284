import { z } from "zod";

export const text = z.string().trim().min(1);
export const url = (protocols: RegExp) => z.url({ protocol: protocols, hostname: /.+/ });
export const wholeNumber = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
export const flag = z
  .enum(["1", "0", "true", "false", "yes", "no"])
  .transform((value) => value === "1" || value === "true" || value === "yes");

/** Secrets people paste from examples. They would sign anybody's deliveries. */
const DEFAULT_SECRETS = new Set(["development", "secret", "changeme", "change-me", "webhook-secret", "password"]);
export const MIN_SECRET = 16;

export const webhookSecrets = z
  .string()
  .transform((value) => value.split(",").map((part) => part.trim()))
  .superRefine((parts, context) => {
    for (const part of parts) {
      if (DEFAULT_SECRETS.has(part.toLowerCase()))
        context.addIssue({ code: "custom", message: "is a default that everybody knows" });
      else if (part.length < MIN_SECRET)
        context.addIssue({
          code: "custom",
          message: `has ${part.length} characters, at least ${MIN_SECRET} are needed`,
        });
    }
  });

export const encryptionKeys = z
  .string()
  .transform((value) => value.split(",").map((part) => part.trim()))
  .superRefine((parts, context) => {
    for (const part of parts) {
      const [id, key] = part.split(/:(.*)/s);
      if (!id || !key || Buffer.from(key, "base64").length !== 32)
        context.addIssue({ code: "custom", message: "must be id:base64 of 32 bytes, comma-separated" });
    }
  });
