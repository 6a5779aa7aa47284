import { describe, expect, it } from "vitest";
import { numberInNodeId } from "./node-number.js";

const packed = (...bytes: number[]): string => `LA_${Buffer.from(bytes).toString("base64url")}`;
const REPOSITORY = [0xce, 0, 0, 0, 7];

describe("the number in a node id", () => {
  it("is read from 32 and from 64 bits", () => {
    expect(numberInNodeId(packed(0x93, 0, ...REPOSITORY, 0xce, 0, 0, 1, 2), 7)).toBe(258);
    expect(numberInNodeId(packed(0x93, 0, ...REPOSITORY, 0xcf, 0, 0, 0, 1, 0, 0, 0, 5), 7)).toBe(2 ** 32 + 5);
  });

  it("is not believed when the id names another repository", () => {
    expect(numberInNodeId(packed(0x93, 0, ...REPOSITORY, 0xce, 0, 0, 1, 2), 8)).toBeNull();
  });

  it("is not guessed from any other form", () => {
    expect(numberInNodeId("MDU6TGFiZWwyMDgwNDU5NDY=", 7)).toBeNull();
    expect(numberInNodeId("LA_abc", 7)).toBeNull();
    expect(numberInNodeId("", 7)).toBeNull();
    expect(numberInNodeId(packed(0x92, 0, 0xce, 0, 0, 1, 2), 7)).toBeNull();
    expect(numberInNodeId(packed(0x93, 0, ...REPOSITORY, 0xce, 0, 0, 1, 2, 9), 7)).toBeNull();
    expect(numberInNodeId(packed(0x93, 0, ...REPOSITORY, 0xcf, 0xff, 0, 0, 1, 0, 0, 0, 5), 7)).toBeNull();
  });
});
