import { randomBytes } from "node:crypto";
import { assert, nat, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { createKeyRing, type KeyRing, seal, UnreadableSecretError } from "./key-ring.js";

const key = (id: string, byte = id.charCodeAt(0)): string => `${id}:${Buffer.alloc(32, byte).toString("base64")}`;
const place = { table: "user_tokens", column: "access_token", row: "7" };

function reasonOf(ring: KeyRing, stored: string, where = place): string {
  try {
    return ring.decrypt(stored, where);
  } catch (error) {
    if (error instanceof UnreadableSecretError) return error.reason;
    throw error;
  }
}

describe("AES-256-GCM matches NIST's test vectors", () => {
  // gcmEncryptExtIV256.rsp of NIST CAVS 14.0: with and without a text, with additional data.
  it.each([
    {
      key: "b52c505a37d78eda5dd34f20c22540ea1b58963cf8e5bf8ffa85f9f2492505b4",
      iv: "516c33929df5a3284ff463d7",
      text: "",
      additional: "",
      tag: "bdc1ac884d332457a1d2664f168c76f0",
      sealed: "",
    },
    {
      // The GCM specification's test case 16.
      key: "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
      iv: "cafebabefacedbaddecaf888",
      text: "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
      additional: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
      tag: "76fc6ece0f4e1768cddf8853bb2d551b",
      sealed:
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
    },
  ])("with iv $iv", (known) => {
    const hex = (text: string): Buffer => Buffer.from(text, "hex");
    const result = seal(hex(known.key), hex(known.iv), hex(known.text), hex(known.additional));
    expect(result.toString("hex")).toBe(`${known.iv}${known.tag}${known.sealed}`);
  });
});

it("gives back 10,000 random secrets, each in its own place and encrypted with one of three keys", () => {
  const rings = ["a", "b", "c"].map((id) =>
    createKeyRing([key(id), ...["a", "b", "c"].filter((o) => o !== id).map((o) => key(o))]),
  );
  const text = string({ unit: "binary", maxLength: 300 });
  assert(
    property(text, text, nat(2), nat(2), (secret, row, by, reader) => {
      const stored = rings[by]?.encrypt(secret, { ...place, row }) ?? "";
      expect(rings[reader]?.decrypt(stored, { ...place, row })).toBe(Buffer.from(secret).toString());
    }),
    { numRuns: 10_000 },
  );
});

it("encrypts the same secret differently each time, and never readably", () => {
  const ring = createKeyRing([key("a")]);
  const stored = Array.from({ length: 1_000 }, () => ring.encrypt("ghu_secret", place));
  expect(new Set(stored).size).toBe(1_000);
  expect(stored.some((text) => text.includes("ghu_secret"))).toBe(false);
});

it("refuses every flipped bit", () => {
  const ring = createKeyRing([key("a")]);
  const [, , text = ""] = ring.encrypt("ghu_secret", place).split(".");
  const bytes = Buffer.from(text, "base64url");
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    expect(reasonOf(ring, `v1.a.${changed.toString("base64url")}`)).toBe("refused");
  }
});

it.each([
  ["another row", { ...place, row: "8" }],
  ["another column", { ...place, column: "refresh_token" }],
  ["another table", { ...place, table: "sessions" }],
  ["parts that run together alike", { table: "user_tokens", column: "access_token,7", row: "" }],
])("refuses a ciphertext that was moved to %s", (_name, elsewhere) => {
  const ring = createKeyRing([key("a")]);
  expect(reasonOf(ring, ring.encrypt("ghu_secret", place), elsewhere)).toBe("refused");
});

it("refuses a wrong key under the same id, and another key's id", () => {
  const stored = createKeyRing([key("a", 1)]).encrypt("ghu_secret", place);
  expect(reasonOf(createKeyRing([key("a", 2)]), stored)).toBe("refused");
  const relabelled = stored.replace("v1.a.", "v1.b.");
  expect(reasonOf(createKeyRing([key("a", 1), key("b", 1)]), relabelled)).toBe("refused");
});

it("decrypts with a rotated key, and names a missing key", () => {
  const old = createKeyRing([key("old")]).encrypt("ghu_secret", place);
  const rotated = createKeyRing([key("new"), key("old")]);
  expect(rotated.decrypt(old, place)).toBe("ghu_secret");
  expect([rotated.isCurrent(old), rotated.isCurrent(rotated.encrypt("ghu_secret", place))]).toEqual([false, true]);
  const without = createKeyRing([key("new")]);
  expect(reasonOf(without, old)).toBe("missing-key");
  expect(() => without.decrypt(old, place)).toThrow(
    /user_tokens\.access_token of row 7.*key old is not in ENCRYPTION_KEYS/,
  );
});

it.each(["", "v1", "v1.a.", "v1.a.AAAA", "v2.a.AAAA", "ghu_plain", `v1.a.${"A".repeat(37)}B`, "v1.a.AA==", "v1..AAAA"])(
  "refuses %j, which is not a ciphertext",
  (stored) => {
    expect(reasonOf(createKeyRing([key("a")]), stored)).toBe("malformed");
  },
);

it("never shows the secret or the key in an error", () => {
  const secret = randomBytes(16).toString("hex");
  const ring = createKeyRing([key("a")]);
  const stored = ring.encrypt(secret, place);
  expect(() => ring.decrypt(stored, { ...place, row: "8" })).toThrow(/^(?!.*[0-9a-f]{32}).*$/);
});
