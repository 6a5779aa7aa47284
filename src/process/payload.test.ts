import { expect, test } from "vitest";
import { InvalidError } from "../errors.js";
import { parsePayload } from "./payload.js";

const FORM = "application/x-www-form-urlencoded";
const JSON_TYPE = "application/json";

test.each([
  { name: "JSON", type: JSON_TYPE, text: '{"a":1}', payload: { a: 1 } },
  { name: "JSON with a byte order mark", type: JSON_TYPE, text: '\uFEFF{"a":1}', payload: { a: 1 } },
  { name: "a form", type: FORM, text: `payload=${encodeURIComponent('{"a":"x y+z&ü"}')}`, payload: { a: "x y+z&ü" } },
  { name: "a form with spaces as plus", type: FORM, text: "payload=%7B%22a%22%3A%22x+y%22%7D", payload: { a: "x y" } },
  { name: "a whole surrogate pair", type: JSON_TYPE, text: '{"a":"\\ud83d\\ude00"}', payload: { a: "\u{1F600}" } },
  { name: "half a surrogate pair", type: JSON_TYPE, text: '{"a":["\\uD83D"]}', payload: { a: ["\uFFFD"] } },
  {
    name: "NUL in a text and in a key",
    type: JSON_TYPE,
    text: '{"\\u0000":"\\u0000"}',
    payload: { "\uFFFD": "\uFFFD" },
  },
])("reads $name", ({ type, text, payload }) => {
  expect(parsePayload(type, Buffer.from(text))).toEqual(payload);
});

test.each([
  { name: "no JSON", type: JSON_TYPE, text: "{", message: "the payload is not JSON" },
  { name: "nothing", type: JSON_TYPE, text: "", message: "the payload is not JSON" },
  { name: "a form instead of JSON", type: JSON_TYPE, text: "payload={}", message: "the payload is not JSON" },
  { name: "null", type: JSON_TYPE, text: "null", message: "the payload is JSON, but not an object" },
  { name: "a list", type: JSON_TYPE, text: "[]", message: "the payload is JSON, but not an object" },
  { name: "JSON instead of a form", type: FORM, text: "{}", message: "the form has no field named payload" },
])("refuses $name, and gives the reason without quoting it", ({ type, text, message }) => {
  expect(() => parsePayload(type, Buffer.from(text))).toThrow(new InvalidError(message));
});

test("a key that is special in JavaScript is a key like any other", () => {
  const payload = parsePayload(JSON_TYPE, Buffer.from('{"__proto__":{"admin":"\\u0000"}}'));
  expect(Object.keys(payload)).toEqual(["__proto__"]);
  expect(payload["admin"]).toBeUndefined();
});
