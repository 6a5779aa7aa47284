import { describe, expect, it } from "vitest";
import { AuthenticationError, NetworkError, ResourceLimitError } from "../../errors.js";
import { inBatches, PageSize } from "./page-size.js";

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

  it("does not change when a smaller page cannot help", () => {
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

describe("batches", () => {
  const items = Array.from({ length: 130 }, (_, index) => index);

  it("read everything once, in as many parts as GitHub can answer", async () => {
    const size = new PageSize(100);
    const asked: number[] = [];
    const answers = await inBatches(size, items, (some) => {
      asked.push(some.length);
      return some.length > 40 ? Promise.reject(slow) : Promise.resolve(some);
    });
    expect(answers.flat()).toEqual(items);
    expect(asked.slice(0, 4)).toEqual([100, 50, 25, 25]);
  });

  it("gives up on failures that do not depend on the size", async () => {
    const refused = inBatches(new PageSize(100), items, () => Promise.reject(new AuthenticationError("no")));
    await expect(refused).rejects.toThrow("no");
    const down = inBatches(new PageSize(100), items, () => Promise.reject(slow));
    await expect(down).rejects.toThrow("502");
  });
});
