import { expect, it } from "vitest";
import { addressOf } from "./database.js";

it("gives the address of the demo's own database, and no credentials of a configured one", () => {
  const url = "postgresql://companyos:hunter2@db.internal:5433/scratch_demo";
  expect(addressOf(url, { databaseUrl: undefined })).toBe(`DATABASE_URL='${url}'`);
  const configured = addressOf(url, { databaseUrl: "postgresql://companyos:hunter2@db.internal:5433/companyos" });
  expect(configured).toContain("scratch_demo");
  expect(configured).not.toMatch(/hunter2|db\.internal/);
});
