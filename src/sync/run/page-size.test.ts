import { describe, expect, it } from "vitest";
import { AuthenticationError, NetworkError, ResourceLimitError } from "../../errors.js";
import { PageSize } from "./page-size.js";

const slow = new NetworkError("502");

describe("the size of pages", () => {
  it("halves when GitHub cannot answer, down to one", () => {
    const size = new PageSize(100);
    const sizes = [100];
    while (size.failed(size.current, slow)) sizes.push(size.current);
    expect(sizes).toEqual([100, 50, 25, 12, 6, 3, 1]);
  });

  it("halves when a query is too large", () => {
    const size = new PageSize(100);
    expect(size.failed(100, new ResourceLimitError("too large"))).toBe(true);
    expect(size.current).toBe(50);
  });

  it("does not change for what a smaller page does not mend", () => {
    const size = new PageSize(100);
    expect(size.failed(100, new AuthenticationError("no"))).toBe(false);
    expect(size.current).toBe(100);
  });

  it("grows again after good pages, and waits longer each time that this fails", () => {
    const size = new PageSize(100);
    const goodUntilGrown = (): number => {
      const before = size.current;
      let good = 0;
      while (size.current === before) {
        size.answered(size.current);
        good += 1;
      }
      return good;
    };
    size.failed(100, slow);
    expect(goodUntilGrown()).toBe(3);
    expect(size.current).toBe(100);
    size.failed(100, slow);
    expect(goodUntilGrown()).toBe(6);
    size.failed(100, slow);
    expect(goodUntilGrown()).toBe(12);
  });

  it("halves once for pages of the same size that failed at the same time", () => {
    const size = new PageSize(100);
    size.failed(100, slow);
    expect(size.failed(100, slow)).toBe(true);
    expect(size.current).toBe(50);
  });
});
