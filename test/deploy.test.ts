import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { z } from "zod";
import { VARIABLES } from "../src/config/variables.js";
import { reportMissing } from "./support/missing.js";

const VARIABLE_NAMES: ReadonlySet<string> = new Set(Object.values(VARIABLES).map(({ name }) => name));
/** Variables of other programs. */
const FOREIGN = /^(POSTGRES_|PG|GF_|RABBITMQ_|REDIS_PASSWORD$|REPLICATION_PASSWORD$|NODE_ENV$)/;

const read = (path: string): string => readFileSync(`deploy/${path}`, "utf8");
const unknownIn = (names: readonly string[]): readonly string[] =>
  names.filter((name) => !VARIABLE_NAMES.has(name) && !FOREIGN.test(name));

const Service = z.looseObject({
  environment: z.record(z.string(), z.unknown()).default({}),
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.unknown()).default({}),
  read_only: z.boolean().default(false),
  healthcheck: z.unknown().optional(),
  deploy: z.object({ replicas: z.int() }).optional(),
});
const Compose = z.looseObject({
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.unknown()),
  secrets: z.record(z.string(), z.unknown()).optional(),
});
const { services, volumes } = Compose.parse(parse(read("compose.yaml"), { merge: true }));

describe("compose.yaml", () => {
  test("has the services of docs/deploy.md, and the app runs read-only", () => {
    expect(Object.keys(services)).toEqual([
      "haproxy",
      "migrate",
      "web",
      "worker",
      "postgres",
      "postgres-replica",
      "redis",
      "rabbitmq",
      "prometheus",
      "grafana",
    ]);
    expect([services["web"]?.deploy?.replicas, services["worker"]?.deploy?.replicas]).toEqual([3, 2]);
    for (const name of ["migrate", "web", "worker"]) expect(services[name]?.read_only).toBe(true);
  });

  test("names existing variables, files, services and volumes only", () => {
    for (const service of Object.values(services)) {
      expect(unknownIn(Object.keys(service.environment))).toEqual([]);
      for (const volume of service.volumes) {
        const [source = ""] = volume.split(":");
        // The operator's certificates.
        if (source === "./certificates") continue;
        expect(source.startsWith("./") ? existsSync(`deploy/${source}`) : source in volumes, source).toBe(true);
      }
      for (const other of Object.keys(service.depends_on)) expect(Object.keys(services)).toContain(other);
    }
  });

  test("each waited-for service has a health check", () => {
    const waited = Object.values(services).flatMap(({ depends_on: needed }) =>
      Object.entries(needed).flatMap(([name, how]) =>
        z.object({ condition: z.literal("service_healthy") }).safeParse(how).success ? [name] : [],
      ),
    );
    // The app's image has its own.
    const without = waited.filter((name) => name !== "web" && services[name]?.healthcheck === undefined);
    expect(without).toEqual([]);
  });
});

describe("the Dockerfile", () => {
  const text = read("Dockerfile");
  const copied = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = ""]) => files.split(" "));

  test("copies existing files, and ends as an ordinary user with a health check", () => {
    for (const file of copied) expect(existsSync(file), file).toBe(true);
    const last = text.slice(text.lastIndexOf("\nFROM "));
    expect(last).toMatch(/^USER node$/m);
    expect(last).toMatch(/^HEALTHCHECK /m);
    expect(last).not.toContain("--include=dev");
    expect(
      unknownIn([...(/^ENV (.*)$/m.exec(last)?.[1] ?? "").matchAll(/(\w+)=/g)].map(([, name = ""]) => name)),
    ).toEqual([]);
  });

  test("its health check is a program that fails without a server", () => {
    const [, command = ""] = /CMD (\["node", "-e".*\])$/m.exec(text) ?? [];
    const [, ...args] = z.array(z.string()).parse(parse(command));
    const { status, stderr } = spawnSync(process.execPath, args, {
      env: { PORT: "1", METRICS_PORT: "1" },
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
  });
});

const Manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
  spec: z.record(z.string(), z.unknown()),
});
const Labels = z.record(z.string(), z.string());
const Probe = z.object({ httpGet: z.object({ path: z.enum(["/healthz", "/readyz"]), port: z.string() }) }).loose();
const Container = z.looseObject({
  env: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  ports: z.array(z.object({ name: z.string(), containerPort: z.int() })).default([]),
  startupProbe: Probe.optional(),
  livenessProbe: Probe.optional(),
  readinessProbe: Probe.optional(),
  securityContext: z.looseObject({ readOnlyRootFilesystem: z.literal(true) }),
});
const Pods = z.object({
  metadata: z.looseObject({ labels: Labels }),
  spec: z.looseObject({
    securityContext: z.looseObject({ runAsNonRoot: z.literal(true) }),
    containers: z.array(Container),
  }),
});

describe("the Kubernetes manifests", () => {
  const manifests = readdirSync("deploy/kubernetes")
    .flatMap((file) => parseAllDocuments(read(`kubernetes/${file}`)))
    .map((document) => Manifest.parse(document.toJS()));
  const workloads = manifests.flatMap(({ spec }) => {
    const template = Pods.safeParse(spec["template"]);
    return template.success ? [{ spec, template: template.data }] : [];
  });

  test("web and worker have probes on ports that they open, and run as an ordinary user on a read-only file system", () => {
    expect(workloads).toHaveLength(3);
    for (const { template } of workloads)
      for (const { env, ports, startupProbe, livenessProbe, readinessProbe } of template.spec.containers) {
        expect(unknownIn(env.map(({ name }) => name))).toEqual([]);
        if (template.metadata.labels["role"] === "migrate") continue;
        expect([startupProbe, livenessProbe, readinessProbe].map((probe) => probe?.httpGet.path)).toEqual([
          "/healthz",
          "/healthz",
          "/readyz",
        ]);
        for (const probe of [startupProbe, livenessProbe, readinessProbe])
          expect(ports.map(({ name }) => name)).toContain(probe?.httpGet.port);
      }
  });

  test("every selector finds pods", () => {
    const Selecting = z.object({ selector: z.union([z.object({ matchLabels: Labels }), Labels]) });
    const selectors = manifests.flatMap(({ spec }) => {
      const found = Selecting.safeParse(spec);
      if (!found.success) return [];
      const { selector } = found.data;
      return [Labels.parse("matchLabels" in selector ? selector.matchLabels : selector)];
    });
    expect(selectors).toHaveLength(5);
    const pods = workloads.map(({ template }) => template.metadata.labels);
    for (const selector of selectors)
      expect(pods.some((labels) => Object.entries(selector).every(([key, value]) => labels[key] === value))).toBe(true);
  });
});

describe("haproxy.cfg", () => {
  test("checks /readyz, hides what is the operator's, and sends to the port of the image", () => {
    const text = read("haproxy/haproxy.cfg");
    expect(text).toMatch(/option httpchk GET \/readyz/);
    expect(text).toMatch(/deny_status 404 if \{ path \/metrics \/readyz \/healthz \}/);
    expect(text).toMatch(/server-template web 3 web:3000/);
  });
});

/** Runs a program on a file; skipped, with the reason, where the program is missing. */
const installed = (program: string, remedy: string): boolean => {
  const found = spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
  if (!found) reportMissing(`the check of a deploy file is skipped: there is no ${program} here`, remedy);
  return found;
};

test.skipIf(!installed("haproxy", "apt-get install haproxy"))("haproxy accepts its configuration", () => {
  const folder = mkdtempSync(join(tmpdir(), "companyos-haproxy-"));
  try {
    const certificates = join(folder, "certificates");
    mkdirSync(certificates);
    const pem = ["key.pem", "certificate.pem"].map((file) => readFileSync(`test/fixtures/tls/${file}`, "utf8"));
    writeFileSync(join(certificates, "site.pem"), pem.join("\n"));
    const config = join(folder, "haproxy.cfg");
    writeFileSync(config, read("haproxy/haproxy.cfg").replaceAll("/certificates/", `${certificates}/`));
    const { status, stderr } = spawnSync("haproxy", ["-c", "-f", config], { encoding: "utf8" });
    expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.skipIf(!installed("promtool", "apt-get install prometheus"))(
  "promtool accepts the rules and the configuration",
  () => {
    for (const args of [
      ["check", "rules", "deploy/prometheus/alerts.yml"],
      ["check", "config", "--syntax-only", "deploy/prometheus/prometheus.yml"],
    ]) {
      const { status, stderr } = spawnSync("promtool", args, { encoding: "utf8" });
      expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
    }
  },
);

test("the scripts of PostgreSQL are executable, and shell", () => {
  for (const file of readdirSync("deploy/postgres")) {
    expect(statSync(`deploy/postgres/${file}`).mode & 0o111, file).not.toBe(0);
    expect(spawnSync("sh", ["-n", `deploy/postgres/${file}`], { encoding: "utf8" }).stderr).toBe("");
  }
});

test("the systemd units give a process the time that it takes to stop", () => {
  for (const file of readdirSync("deploy/systemd")) {
    const text = read(`systemd/${file}`);
    expect(text).toMatch(/^TimeoutStopSec=30$/m);
    expect(text).toMatch(/^NoNewPrivileges=yes$/m);
    expect(text).toMatch(new RegExp(`start --role ${/-(web|worker)\./.exec(file)?.[1]}$`, "m"));
  }
});

test("every alert has a runbook, and every runbook an alert", () => {
  const alerts = [...read("prometheus/alerts.yml").matchAll(/- alert: (\w+)/g)].map(([, name]) => String(name));
  const sections = [...readFileSync("docs/runbooks.md", "utf8").matchAll(/^## (\w+)$/gm)].map(([, name]) =>
    String(name),
  );
  expect(new Set(sections)).toEqual(new Set(alerts));
});
