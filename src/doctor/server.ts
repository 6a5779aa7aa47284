import { z } from "zod";
import { messageOf } from "../errors.js";
import { redact } from "../log.js";
import { type Finding, ok, problem, unknown } from "./check.js";

const Ready = z.object({ checks: z.record(z.string(), z.string()) });

/**
 * Whether the server answers where people and GitHub reach it, and is ready. It shows errors only to a bearer of its
 * METRICS_TOKEN or ADMIN_TOKEN.
 */
export async function checkServer(publicUrl: string | undefined, token?: string): Promise<Finding> {
  if (!publicUrl) return unknown("server", "not checked, because PUBLIC_URL is not set");
  const url = new URL("/readyz", publicUrl).href;
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000), redirect: "manual", headers });
    const state = Ready.safeParse(await response.json().catch(() => null));
    const bad = Object.entries(state.data?.checks ?? {}).filter(([, value]) => value !== "ok");
    // Many servers answer 200 to any path.
    if (response.ok && state.success && bad.length === 0) return ok("server", `${url} is ready`);
    const detail =
      bad.map(([name, value]) => `${name}: ${value}`).join("; ") ||
      `it answers ${response.status}, but the answer is not from this app`;
    return problem(
      "server",
      `${url} is ${response.ok && state.success ? "degraded" : "not ready"}: ${detail}`,
      "Fix the failed checks; the server's log has details. Check that no other server listens at PUBLIC_URL.",
    );
  } catch (error) {
    const remedy = "Start the server, and check PUBLIC_URL, DNS, the proxy in front and the firewall.";
    return problem("server", `${url} cannot be reached: ${redact(messageOf(error))}`, remedy);
  }
}
