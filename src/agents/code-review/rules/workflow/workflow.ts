import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Document, type Pair } from "yaml";
import type { ChangedFile } from "../../change.js";

/** A scalar of the file with its position. */
export interface Located {
  readonly value: string;
  readonly line: number;
  /** The source between its start and its end, for scalars over several lines. */
  readonly source: string;
  /** The line of the alias (`*name`) that uses it here, if any. */
  readonly usedAt?: number;
}

export type Scalars = ReadonlyMap<string, Located>;

export interface Step {
  readonly id: string | null;
  readonly line: number;
  readonly uses: Located | null;
  readonly run: Located | null;
  readonly condition: Located | null;
  readonly shell: Located | null;
  readonly with: Scalars;
  readonly env: Scalars;
}

/** A job of a workflow; a composite action is one job without a name. */
export interface Job {
  readonly id: string;
  readonly condition: Located | null;
  readonly runsOn: readonly Located[];
  readonly runnerGroup: Located | null;
  readonly env: Scalars;
  readonly outputs: Scalars;
  /** The reusable workflow that it calls, and `secrets: inherit` for it. */
  readonly uses: Located | null;
  readonly inheritsSecrets: Located | null;
  /** Images that it runs in or beside. */
  readonly images: readonly Located[];
  readonly steps: readonly Step[];
}

/** The data of a workflow, a reusable one or a composite action, that rules need. */
export interface Workflow {
  /** Events that trigger it, with their lines. */
  readonly triggers: readonly Located[];
  /** Whether a push of a tag triggers it. */
  readonly onTags: boolean;
  readonly env: Scalars;
  readonly jobs: readonly Job[];
  readonly steps: readonly Step[];
  /** Reusable workflows that jobs call. */
  readonly calls: readonly Located[];
  /** Permissions by location: `workflow` or `job:<id>`, then by scope; `*` is the short form for all scopes. */
  readonly permissions: ReadonlyMap<string, Scalars>;
}

export function isWorkflow(path: string): boolean {
  return /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path) || /(^|\/)action\.ya?ml$/.test(path);
}

const read = new WeakMap<ChangedFile, Workflow | null>();

/** Reads the workflow of a changed file, once for all rules; null: not a workflow, not read, or not YAML. */
export function workflowOf(file: ChangedFile): Workflow | null {
  const known = read.get(file);
  if (known !== undefined) return known;
  const workflow = isWorkflow(file.path) && file.text !== null ? parseWorkflow(file.text) : null;
  read.set(file, workflow);
  return workflow;
}

export function parseWorkflow(text: string): Workflow | null {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: "silent" });
  if (document.errors.length > 0 || !isMap(document.contents)) return null;
  const reader = new Reader(text, lines, document);
  const root = document.contents;
  const named = reader.pairs(reader.get(root, "jobs"));
  const action = reader.get(root, "runs");
  const jobs = named.map(({ key, value }) => reader.job(key.value, value));
  if (action !== undefined) jobs.push(reader.job("", action));
  const places = [
    { key: "workflow", value: root },
    ...named.map(({ key, value }) => ({ key: `job:${key.value}`, value })),
  ];
  return {
    triggers: reader.names(reader.get(root, "on")),
    onTags: reader.get(reader.get(reader.get(root, "on"), "push"), "tags") !== undefined,
    env: reader.scalars(reader.get(root, "env")),
    jobs,
    steps: jobs.flatMap(({ steps }) => steps),
    calls: jobs.flatMap(({ uses }) => uses ?? []),
    permissions: new Map(places.map(({ key, value }) => [key, reader.permissions(reader.get(value, "permissions"))])),
  };
}

interface Entry {
  readonly key: Located;
  readonly value: unknown;
}

/** The most nested levels of `parallel:` and the most steps, because aliases can multiply them without limit. */
const [MOST_LEVELS, MOST_STEPS] = [3, 2_000];

class Reader {
  constructor(
    private readonly text: string,
    private readonly lines: LineCounter,
    private readonly document: Document,
  ) {}

  get(node: unknown, key: string): unknown {
    const map = this.resolved(node);
    return isMap(map) ? map.get(key, true) : undefined;
  }

  scalar(node: unknown): Located | null {
    const scalar = this.resolved(node);
    if (!isScalar(scalar) || !scalar.range) return null;
    const [start, end] = scalar.range;
    const located = { value: String(scalar.value), line: this.lineOf(scalar), source: this.text.slice(start, end) };
    return isAlias(node) ? { ...located, usedAt: this.lineOf(node) } : located;
  }

  pairs(node: unknown): readonly Entry[] {
    const map = this.resolved(node);
    const pairs: readonly Pair[] = isMap(map) ? map.items : [];
    return pairs.flatMap(({ key, value }) => {
      const name = this.scalar(key);
      return name ? [{ key: name, value }] : [];
    });
  }

  scalars(node: unknown): Scalars {
    const entries = this.pairs(node).flatMap(({ key, value }) => {
      const scalar = this.scalar(value);
      return scalar ? [[key.value, scalar] as const] : [];
    });
    return new Map(entries);
  }

  /** The names in `on: push`, `on: [push]` or `on: { push: … }`. */
  names(node: unknown): readonly Located[] {
    const single = this.scalar(node);
    if (single) return [single];
    const list = this.items(node);
    if (list.length > 0) return list.flatMap((item) => (isPair(item) ? [] : (this.scalar(item) ?? [])));
    return this.pairs(node).map(({ key }) => key);
  }

  job(id: string, node: unknown): Job {
    const container = this.get(node, "container");
    const services = this.pairs(this.get(node, "services")).map(({ value }) => this.get(value, "image"));
    const images = [container, this.get(container, "image"), ...services, this.get(node, "image")];
    const secrets = this.scalar(this.get(node, "secrets"));
    const runsOn = this.get(node, "runs-on");
    return {
      id,
      condition: this.scalar(this.get(node, "if")),
      runsOn: [...this.names(runsOn), ...this.names(this.get(runsOn, "labels"))].filter(
        ({ value }) => value !== "group" && value !== "labels",
      ),
      runnerGroup: this.scalar(this.get(runsOn, "group")),
      env: this.scalars(this.get(node, "env")),
      outputs: this.scalars(this.get(node, "outputs")),
      uses: this.scalar(this.get(node, "uses")),
      inheritsSecrets: secrets?.value === "inherit" ? secrets : null,
      images: images.flatMap((image) => this.scalar(image) ?? []),
      steps: this.steps(this.get(node, "steps"), MOST_LEVELS).slice(0, MOST_STEPS),
    };
  }

  /** Steps in order, including those inside `parallel:`. */
  private steps(node: unknown, levels: number): readonly Step[] {
    return this.items(node)
      .slice(0, MOST_STEPS)
      .flatMap((item) => {
        const parallel = this.get(item, "parallel");
        if (parallel !== undefined) return levels > 0 ? this.steps(parallel, levels - 1) : [];
        return [this.step(item)];
      });
  }

  private step(node: unknown): Step {
    return {
      id: this.scalar(this.get(node, "id"))?.value ?? null,
      line: this.lineOf(this.resolved(node)),
      uses: this.scalar(this.get(node, "uses")),
      run: this.scalar(this.get(node, "run")),
      condition: this.scalar(this.get(node, "if")),
      shell: this.scalar(this.get(node, "shell")),
      with: this.scalars(this.get(node, "with")),
      env: this.scalars(this.get(node, "env")),
    };
  }

  permissions(node: unknown): Scalars {
    const short = this.scalar(node);
    if (short) return new Map([["*", short]]);
    const map = this.resolved(node);
    if (isMap(map) && map.items.length === 0)
      return new Map([["*", { value: "none", line: this.lineOf(map), source: "{}" }]]);
    return this.scalars(node);
  }

  private items(node: unknown): readonly unknown[] {
    const list = this.resolved(node);
    return isSeq(list) ? list.items : [];
  }

  /** The value of an alias, which GitHub resolves before it reads the workflow. */
  private resolved(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.document) : node;
  }

  private lineOf(node: unknown): number {
    const hasRange = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node);
    return this.lines.linePos((hasRange ? node.range?.[0] : undefined) ?? 0).line;
  }
}
