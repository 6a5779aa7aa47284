import { z } from "zod";
import { messageOf } from "../errors.js";
import { redact } from "../log.js";
import { type Finding, ok, problem, unknown } from "./check.js";

const Ready = z.object({ checks: z.record(z.string(), z.string()) });

/** Whether the server answers where people and GitHub reach it, and is ready. */
export async function checkServer(publicUrl: string | undefined): Promise<Finding> {
  if (!publicUrl) return unknown("server", "PUBLIC_URL is not set: it cannot be asked from outside");
  const url = new URL("/readyz", publicUrl).href;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000), redirect: "manual" });
    const state = Ready.safeParse(await response.json().catch(() => null));
    // Many a server answers 200 to any path.
    if (response.ok && state.success) return ok("server", `${url} says ready`);
    const bad = Object.entries(state.data?.checks ?? {}).filter(([, value]) => value !== "ok");
    const detail =
      bad.map(([name, value]) => `${name}: ${value}`).join("; ") ||
      `it answers ${response.status}, not as this app does`;
    return problem(
      "server",
      `${url} is not ready: ${detail}`,
      "Mend what it names; is something else listening at PUBLIC_URL?",
    );
  } catch (error) {
    const remedy = "Start the server, and check PUBLIC_URL, DNS, the proxy in front and the firewall.";
    return problem("server", `${url} cannot be reached: ${redact(messageOf(error))}`, remedy);
  }
}
