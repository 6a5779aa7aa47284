import { describe, expect, it } from "vitest";
import { floorOf, pagePoints, tradeOf } from "./floor.js";

describe("the floor", () => {
  it("counts a page of a hundred with five connections as five points", () => {
    expect(pagePoints(5, 100)).toBe(5);
    expect(floorOf({ nested: 5, counts: [200] })).toEqual({ points: 10, requests: 2 });
  });

  it("never costs less than a point a page", () => {
    expect(floorOf({ nested: 0, counts: [1, 1, 1] })).toEqual({ points: 3, requests: 3 });
  });

  it("reads only the remaining items on the last page", () => {
    expect(floorOf({ nested: 5, counts: [110] })).toEqual({ points: 5 + 1, requests: 2 });
  });

  it("does not read an empty place", () => {
    expect(floorOf({ nested: 5, counts: [0, 0] })).toEqual({ points: 0, requests: 0 });
  });

  it("shows that small pages save points and cost requests", () => {
    const { points, requests } = tradeOf({ nested: 5, counts: Array.from({ length: 10 }, () => 200) });
    expect(points.page).toBe(29);
    expect(points.points).toBe(70);
    expect(points.requests).toBe(70);
    expect(requests).toEqual({ points: 100, requests: 20 });
  });
});
