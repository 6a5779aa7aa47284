import { expect, it } from "vitest";
import { exampleDeliveries, partingDeliveries } from "./examples.js";

it("each account of the examples leaves, once, and no other", () => {
  const examples = exampleDeliveries(2_311_213);
  const parting = partingDeliveries(examples);
  const of = (deliveries: typeof examples) => new Set(deliveries.map(({ payload }) => payload.installation?.id));
  expect(parting).toHaveLength(2);
  expect(of(parting)).toEqual(of(examples));
  for (const { event, payload } of parting)
    expect([event, payload]).toEqual([
      "installation",
      expect.objectContaining({
        action: "deleted",
        installation: expect.objectContaining({ account: expect.objectContaining({ login: expect.any(String) }) }),
      }),
    ]);
});
