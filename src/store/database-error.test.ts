import { describe, expect, it } from "vitest";
import { ConfigError } from "../errors.js";
import { assertVersion, explainDatabaseError } from "./database-error.js";

const URL_ = "postgresql://app:hunter22@db.example.com/company";
const withCode = (code: string) => Object.assign(new Error("as PostgreSQL says it"), { code });

describe("a database that cannot be used", () => {
  it("is refused when it is too old, with the remedy", () => {
    expect(() => assertVersion(130_014, URL_)).toThrow(
      /^PostgreSQL 13 at app@db.example.com:5432\/company is too old\. Use PostgreSQL 14 or newer/,
    );
    expect(() => assertVersion(140_000, URL_)).not.toThrow();
  });

  it.each(["ECONNREFUSED", "ENOTFOUND", "ETIMEDOUT", "28P01", "3D000", "42501", "53300", "P3005"])(
    "%s becomes a sentence with a remedy, without the password",
    (code) => {
      const explained = explainDatabaseError(withCode(code), URL_);
      expect(explained).toBeInstanceOf(ConfigError);
      expect(String(explained)).toMatch(/^ConfigError: [A-Z].+ \(as PostgreSQL says it\)\. [A-Z].+/);
      expect(String(explained)).not.toContain("hunter22");
    },
  );

  it("reports the answer of the first of several addresses", () => {
    const both = new AggregateError([withCode("ECONNREFUSED"), withCode("ECONNREFUSED")], "");
    expect(String(explainDatabaseError(both, URL_))).toContain(
      "Cannot connect to PostgreSQL at app@db.example.com:5432/company",
    );
  });

  it("returns other errors unchanged", () => {
    const other = withCode("22012");
    expect(explainDatabaseError(other, URL_)).toBe(other);
  });
});
