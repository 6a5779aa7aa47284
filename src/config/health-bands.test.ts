import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { said } from "../../test/health/readings.js";
import { api } from "../health/checks/api.js";
import { parseJson } from "../unchecked.js";
import { DEFAULT_BANDS, HealthBands } from "./health-bands.js";

it("has the defaults that docs/health.md names", () => {
  const block = /^ {4}(\{[\s\S]*?\} \})$/m.exec(readFileSync("docs/health.md", "utf8"))?.[1] ?? "";
  expect(parseJson(block)).toEqual(DEFAULT_BANDS);
});

describe("the bands are configurable", () => {
  it("one by one", () => {
    const mine = HealthBands.parse({ apiSeconds: { degraded: 0.5 }, quota: { degraded: 0.5 } });
    expect(api({ light: said(0, 0.6), real: null }, mine).level?.state).toBe("degraded");
    expect(mine.apiSeconds.unhealthy).toBe(5);
    expect(mine.quota).toEqual({ degraded: 0.5, alert: 0.1, unhealthy: 0.05 });
  });

  it.each([
    [{ speed: 1 }, /speed/],
    [{ apiSeconds: { degraded: 9 } }, /degraded must not be above unhealthy/],
    [{ quota: { unhealthy: 0.3 } }, /unhealthy ≤ alert ≤ degraded/],
    [{ quota: { degraded: 20 } }, /quota/],
  ])("and refuse %j", (given, message) => {
    expect(() => HealthBands.parse(given)).toThrow(message);
  });
});
