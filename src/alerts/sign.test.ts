import { expect, test } from "vitest";
import { signatureHeaders } from "./sign.js";

test("signs as the example of Standard Webhooks does", () => {
  const message = { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", body: '{"test": 2432232314}', now: new Date(1614265330_000) };
  expect(signatureHeaders({ ...message, secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" })).toEqual({
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  });
});

test("a secret that is not base64 is the key itself, and another key signs otherwise", () => {
  const sign = (secret: string) =>
    signatureHeaders({ id: "msg_1", body: "{}", now: new Date(0), secret })["webhook-signature"];
  expect(sign("any text of length")).not.toBe(sign("any text of length."));
});
