import { cut } from "../../text/cut.js";
import type { Clock } from "../../domain.js";
import { kindOf, messageOf } from "../../errors.js";
import type { Answered } from "../../health/answered.js";
import { redact } from "../../log.js";

/** Runs a request and measures its time; a failure is a result too. */
export async function ask<T>(clock: Clock, work: () => Promise<T>): Promise<Answered<T>> {
  const began = clock.now().getTime();
  const seconds = (): number => Math.max(0, clock.now().getTime() - began) / 1000;
  try {
    const value = await work();
    return { ok: true, value, seconds: seconds() };
  } catch (error) {
    return { ok: false, kind: kindOf(error), reason: cut(redact(messageOf(error)), 300), seconds: seconds() };
  }
}
