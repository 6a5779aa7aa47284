// For `node --import`: whatever is tried beyond the loopback fails, and is written to the file NETWORK_TRIED.
import dns from "node:dns";
import { appendFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { isIP, Socket } from "node:net";

const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);

/** @param {string} what */
function refuse(what) {
  appendFileSync(process.env["NETWORK_TRIED"] ?? "network-tried", `${what}\n`);
  return Object.assign(new Error(`no network here: ${what}`), { code: "ENOTFOUND" });
}

const { connect } = Socket.prototype;
/** @this {Socket} */
Socket.prototype.connect = function (/** @type {unknown[]} */ ...given) {
  // Node hands its own normalised arguments on as one array.
  const [first, second] = Array.isArray(given[0]) ? given[0] : given;
  const options = typeof first === "object" && first !== null ? first : { port: first, host: second };
  const host = "path" in options && options.path ? "localhost" : (options.host ?? "localhost");
  if (!LOOPBACK.has(String(host))) {
    const error = refuse(`connect ${String(host)}:${String(options.port)}`);
    setImmediate(() => this.destroy(error));
    return this;
  }
  return Reflect.apply(connect, this, given);
};

const { lookup } = dns;
/** @param {string} host */
dns.lookup = function (host, ...rest) {
  if (LOOPBACK.has(host) || isIP(host)) return Reflect.apply(lookup, dns, [host, ...rest]);
  rest.at(-1)(refuse(`look-up of ${host}`));
};
for (const name of ["lookup", "resolve", "resolve4", "resolve6"]) {
  const real = dns.promises[name];
  dns.promises[name] = async (host, ...rest) => {
    if (LOOPBACK.has(host) || isIP(host)) return Reflect.apply(real, dns.promises, [host, ...rest]);
    throw refuse(`look-up of ${host}`);
  };
}
syncBuiltinESMExports();
