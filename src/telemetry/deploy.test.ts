import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { familiesOf } from "../../test/support/prometheus.js";
import { parseJson } from "../unchecked.js";
import { createInstruments } from "./instruments.js";

/** Series of every metric that there is: histograms have three. */
async function series(): Promise<ReadonlySet<string>> {
  const families = familiesOf(await createInstruments().register.metrics());
  return new Set(
    [...families.values()].flatMap(({ name, type }) =>
      type === "HISTOGRAM" ? ["_bucket", "_sum", "_count"].map((end) => name + end) : [name],
    ),
  );
}

async function unknownIn(expressions: readonly string[]): Promise<readonly string[]> {
  const known = await series();
  const used = expressions.flatMap((expression) => expression.match(/companyos_\w+/g) ?? []);
  expect(used.length).toBeGreaterThan(10);
  return used.filter((name) => !known.has(name));
}

test("every Prometheus rule uses existing metrics, and has a remedy", async () => {
  const Rule = z.object({
    alert: z.string().regex(/^Companyos/),
    expr: z.string(),
    labels: z.object({ severity: z.enum(["critical", "warning"]) }),
    annotations: z.object({ summary: z.string(), remedy: z.string() }),
  });
  const Rules = z.object({ groups: z.tuple([z.object({ rules: z.array(Rule) })]) });
  const { groups } = Rules.parse(parse(readFileSync("deploy/prometheus/alerts.yml", "utf8")));
  expect(await unknownIn(groups[0].rules.map(({ expr }) => expr))).toEqual([]);
});

test("every panel of the dashboard uses existing metrics", async () => {
  const Panel = z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) });
  const { panels } = z
    .object({ panels: z.array(Panel) })
    .parse(parseJson(readFileSync("deploy/grafana/companyos-github.json", "utf8")));
  const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  expect(await unknownIn(expressions)).toEqual([]);
});
