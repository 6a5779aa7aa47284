import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createPlainServer, type Server } from "node:net";
import { createServer } from "node:tls";
import { afterAll, afterEach, expect, test } from "vitest";
import { checkCertificate } from "../../src/doctor/certificate.js";
import type { Finding } from "../../src/doctor/check.js";
import { DEFAULT_BANDS } from "../../src/config/health-bands.js";
import { readCertificate } from "../../src/host/certificate.js";
import { healthPass } from "../../src/jobs/health/pass.js";
import { withDatabase } from "../support/database.js";
import { healthSetting } from "./setting.js";

const file = (name: string): string => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), "utf8");
const [key, cert] = [file("key.pem"), file("certificate.pem")];
const END = new Date(new X509Certificate(cert).validTo);
const DAY = 24 * 60 * 60_000;
const daysBefore = (days: number): Date => new Date(END.getTime() - days * DAY);

const opened: Server[] = [];
async function listen(server: Server): Promise<string> {
  server.on("error", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  opened.push(server);
  const address = server.address();
  return `https://127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`;
}
const shown = (): Promise<string> =>
  listen(
    createServer({ key, cert }, (socket) =>
      socket
        .on("error", () => undefined)
        .resume()
        .end(),
    ),
  );
afterEach(async () => {
  for (const server of opened.splice(0)) await new Promise((resolve) => server.close(resolve));
});

const { store } = await withDatabase();
const setting = await healthSetting(store);
afterAll(() => setting.github.close());

test("reads the certificate of an address, valid or not", async () => {
  const address = await shown();
  const { name, expiresAt } = await readCertificate(address);
  expect(expiresAt).toEqual(END);
  expect(name).toBe(`the certificate of ${new URL(address).host}`);
});

test("reports a server without a certificate, or without an answer, in time", async () => {
  const away = await shown();
  await new Promise((resolve) => opened.pop()?.close(resolve));
  await expect(readCertificate(away)).rejects.toThrow(/showed no certificate: ECONNREFUSED/);
  const plain = await listen(
    createPlainServer(
      (socket) =>
        void socket
          .on("error", () => undefined)
          .resume()
          .end("HTTP/1.1 400\r\n\r\n"),
    ),
  );
  await expect(readCertificate(plain)).rejects.toMatchObject({ kind: "network" });
  const silent = createPlainServer((socket) => void socket.on("error", () => undefined).resume());
  const address = await listen(silent);
  await expect(readCertificate(address, 100)).rejects.toThrow(/no answer within 100 ms/);
});

test("raises an incident 30 days before the expiry, a worse one at 7, and resolves it after the renewal", async () => {
  const address = await shown();
  const { clock } = setting.github.simulation;
  const never = new AbortController().signal;
  const alerts = () => store.sql.query("SELECT kind, severity, status, title, detail FROM alerts ORDER BY id");
  /** Two readings with so many days left. */
  const look = async (days: number) => {
    clock.stop(daysBefore(days));
    const expiring = [async () => [await readCertificate(address)]];
    for (let turn = 0; turn < 2; turn += 1) await healthPass({ ...setting.pass, expiring }, never);
    const found = await alerts();
    return found.filter(({ kind }) => kind === "expiring-secret");
  };
  expect(await look(31)).toEqual([]);
  expect(await look(29.5)).toMatchObject([{ severity: "warning", status: "open", title: "secrets is degraded" }]);
  expect(await look(6.9)).toMatchObject([{ severity: "critical", status: "open" }]);
  const [expired] = await look(-1);
  expect(expired?.["detail"]).toMatch(/^the certificate of 127\.0\.0\.1:\d+ expired 24 h ago, on 2\d{3}-/);
  expect(await look(80)).toMatchObject([{ status: "resolved" }]);
});

test("doctor reports it with the remedy; an unreadable certificate is no problem here", async () => {
  const address = await shown();
  const at = (days: number): Promise<readonly Finding[]> =>
    checkCertificate(address, DEFAULT_BANDS, { now: () => daysBefore(days) });
  expect(await at(60)).toMatchObject([{ check: "certificate", status: "ok" }]);
  const [soon] = await at(20);
  expect(soon?.status).toBe("problem");
  expect(soon?.remedy).toMatch(/^Renew the certificate/);
  const [over] = await at(-2);
  expect(over?.status).toBe("problem");
  expect(over?.detail).toMatch(/expired 2 days ago/);
  expect(await checkCertificate("https://127.0.0.1:1", DEFAULT_BANDS, { now: () => END })).toMatchObject([
    { status: "unknown" },
  ]);
  expect(await checkCertificate("http://127.0.0.1:1", DEFAULT_BANDS, { now: () => END })).toEqual([]);
});
