import { expect, it } from "vitest";
import { exampleDeliveries, partingDeliveries } from "./examples.js";

it("removes each account of the examples exactly once", () => {
  const examples = exampleDeliveries(2_311_213);
  const parting = partingDeliveries(examples);
  const of = (deliveries: typeof examples) => new Set(deliveries.map(({ payload }) => payload.installation?.id));
  expect(parting).toHaveLength(2);
  expect(of(parting)).toEqual(of(examples));
  const installation = { account: { login: "Codertocat" } };
  for (const each of parting)
    expect(each).toMatchObject({ event: "installation", payload: { action: "deleted", installation } });
});
