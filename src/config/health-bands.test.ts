import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseJson } from "../unchecked.js";
import { DEFAULT_BANDS } from "./health-bands.js";

it("has the defaults that docs/health.md names", () => {
  const block = /^ {4}(\{[\s\S]*?\} \})$/m.exec(readFileSync("docs/health.md", "utf8"))?.[1] ?? "";
  expect(parseJson(block)).toEqual(DEFAULT_BANDS);
});
