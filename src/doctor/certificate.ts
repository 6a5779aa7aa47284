import type { HealthBands } from "../config/health-bands.js";
import type { Clock } from "../domain.js";
import { messageOf } from "../errors.js";
import { secrets } from "../health/checks/secrets.js";
import { readCertificate } from "../host/certificate.js";
import { type Finding, ok, problem, unknown } from "./check.js";

/** When the server's certificate expires. */
export async function checkCertificate(
  publicUrl: string | undefined,
  bands: Pick<HealthBands, "secretSeconds">,
  clock: Clock,
): Promise<readonly Finding[]> {
  if (!publicUrl?.startsWith("https:")) return [];
  try {
    const value = [await readCertificate(publicUrl)];
    const reading = secrets([{ ok: true, value, seconds: 0 }], bands, clock.now());
    if (reading === null) return [];
    return [
      reading.level?.state === "healthy"
        ? ok("certificate", reading.reason)
        : problem("certificate", reading.reason, reading.remedy ?? ""),
    ];
  } catch (error) {
    return [unknown("certificate", messageOf(error))];
  }
}
