import { connect } from "node:tls";
import { NetworkError } from "../errors.js";
import type { ExpiringSecret } from "../health/checks/secrets.js";

const PATIENCE_MS = 10_000;
const REMEDY =
  "Renew the certificate of the TLS proxy, and check its automatic renewal. GitHub stops delivering when the certificate expires.";

/**
 * The certificate of an https address, valid or not. Nothing is sent.
 * @throws NetworkError when none arrives in time.
 */
export function readCertificate(address: string, patienceMs = PATIENCE_MS): Promise<ExpiringSecret> {
  const { hostname, port, host } = new URL(address);
  const name = hostname.replace(/^\[|\]$/g, "");
  return new Promise((resolve, reject) => {
    // An expired certificate must not end the handshake, because this check looks for it.
    const options = {
      host: name,
      port: Number(port || "443"),
      servername: serverName(name),
      rejectUnauthorized: false,
    };
    const socket = connect(options);
    const fail = (reason: string): void => {
      socket.destroy();
      reject(new NetworkError(`${host} showed no certificate: ${reason}`));
    };
    socket.setTimeout(patienceMs, () => fail(`no answer within ${patienceMs} ms`));
    socket.once("error", (error: Error) => fail("code" in error ? String(error.code) : error.message));
    socket.once("secureConnect", () => {
      const expiresAt = new Date(socket.getPeerCertificate().valid_to);
      if (Number.isNaN(expiresAt.getTime())) return fail("its expiry date cannot be read");
      socket.destroy();
      resolve({ name: `the certificate of ${host}`, expiresAt, remedy: REMEDY });
    });
  });
}

/** An IP address has no name for SNI. */
function serverName(name: string): string {
  return /^[\d.]+$|:/.test(name) ? "" : name;
}
