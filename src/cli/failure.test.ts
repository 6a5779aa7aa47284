import { afterEach, expect, it, vi } from "vitest";
import { VARIABLES } from "../config/variables.js";
import { ConfigError, NetworkError } from "../errors.js";
import { reportFailure } from "./failure.js";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

function said(error: unknown): string {
  let text = "";
  vi.spyOn(process.stderr, "write").mockImplementation((chunk) => (text += String(chunk)) !== "");
  reportFailure(error);
  return text;
}

it("prints every remedy completely, and no secret of a problem", () => {
  const secret = "postgresql://app:correct-horse-battery@db/app";
  vi.stubEnv("DATABASE_URL", secret);
  const problem = `cannot be reached at ${secret}`;
  const text = said(
    new ConfigError(Object.values(VARIABLES).map(({ name: variable, remedy }) => ({ variable, problem, remedy }))),
  );
  for (const { remedy } of Object.values(VARIABLES)) expect(text).toContain(`\n  ${remedy}\n`);
  expect(text).toContain("postgresql://user:password@host:5432/database");
  expect(text).not.toContain("correct-horse");
  expect(process.exitCode).toBe(2);
});

it("shows no secret of another error", () => {
  vi.stubEnv("REDIS_URL", "redis://:correct-horse-battery@redis:6379");
  for (const error of [
    new NetworkError("no way to redis://:correct-horse-battery@redis:6379"),
    new Error("correct-horse-battery"),
  ])
    expect(said(error)).not.toContain("correct-horse");
  expect(process.exitCode).toBe(1);
});
