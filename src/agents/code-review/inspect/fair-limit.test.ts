import { describe, expect, it } from "vitest";
import { FairLimit } from "./fair-limit.js";

/** Work that ends when it is told to; `begun` is the order in which it began. */
function workshop(limit: FairLimit) {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const ask = (owner: string, name: string): Promise<void> =>
    limit.run(owner, () => {
      begun.push(name);
      return new Promise<void>((resolve) => ends.set(name, resolve));
    });
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { begun, ask, end };
}

describe("FairLimit", () => {
  it("reserves a slot for other owners and serves them before a backlog", async () => {
    const { begun, ask, end } = workshop(new FairLimit({ size: 2, perOwner: 1 }));
    const all = Array.from({ length: 8 }, (_, n) => n + 1).map((n) => ask("a", `a${n}`));
    all.push(ask("b", "b1"), ask("c", "c1"), ask("b", "b2"));
    await end("none");
    expect(begun).toEqual(["a1", "b1"]);
    await end("a1");
    expect(begun.slice(2)).toEqual(["c1"]);
    await end("b1");
    expect(begun.slice(3)).toEqual(["a2"]);
    await end("c1");
    expect(begun.slice(4)).toEqual(["b2"]);
  });

  it("alternates among owners of equal rank, each in its own order", async () => {
    const { begun, ask, end } = workshop(new FairLimit({ size: 1, perOwner: 1 }));
    for (const name of ["a1", "a2", "a3", "b1", "b2"]) void ask(name.slice(0, 1), name);
    for (const name of ["none", "a1", "b1", "a2", "b2"]) await end(name);
    expect(begun).toEqual(["a1", "b1", "a2", "b2", "a3"]);
  });

  it("rejects waiting and later work once it is closed", async () => {
    const limit = new FairLimit({ size: 1, perOwner: 1 });
    const { begun, ask, end } = workshop(limit);
    const first = ask("a", "a1");
    const second = ask("a", "a2");
    await end("none");
    limit.close(new Error("closed"));
    await expect(second).rejects.toThrow("closed");
    await expect(ask("b", "b1")).rejects.toThrow("closed");
    await end("a1");
    await first;
    expect(begun).toEqual(["a1"]);
  });
});
