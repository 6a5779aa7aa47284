import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Node, type Pair } from "yaml";
import type { ChangedFile } from "../../change.js";

/** A scalar of the file with where it stands. */
export interface Located {
  readonly value: string;
  readonly line: number;
  /** The source between its start and its end, for what spans lines. */
  readonly source: string;
}

export interface Step {
  readonly uses: Located | null;
  readonly run: Located | null;
  readonly with: ReadonlyMap<string, Located>;
}

/** What the rules need of a workflow, a reusable one or a composite action. */
export interface Workflow {
  /** Events that start it, with their lines. */
  readonly triggers: readonly Located[];
  readonly steps: readonly Step[];
  /** Reusable workflows that jobs call. */
  readonly calls: readonly Located[];
  /** Permissions by place: `workflow` or `job:<id>`, then by scope; `*` is the short form for all scopes. */
  readonly permissions: ReadonlyMap<string, ReadonlyMap<string, Located>>;
}

export function isWorkflow(path: string): boolean {
  return /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path) || /(^|\/)action\.ya?ml$/.test(path);
}

const read = new WeakMap<ChangedFile, Workflow | null>();

/** Reads the workflow of a changed file, once for all rules; null when it is none, was not read, or is no YAML. */
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
  const reader = new Reader(text, lines);
  const root = document.contents;
  const jobs = reader.pairs(reader.get(root, "jobs"));
  const steps = [...jobs.map(({ value }) => reader.get(value, "steps")), reader.get(reader.get(root, "runs"), "steps")];
  const places = [
    { key: "workflow", value: root },
    ...jobs.map(({ key, value }) => ({ key: `job:${key.value}`, value })),
  ];
  return {
    triggers: reader.names(reader.get(root, "on")),
    steps: steps.flatMap((list) => (isSeq(list) ? list.items : [])).map((step) => reader.step(step)),
    calls: jobs.flatMap(({ value }) => reader.scalar(reader.get(value, "uses")) ?? []),
    permissions: new Map(places.map(({ key, value }) => [key, reader.permissions(reader.get(value, "permissions"))])),
  };
}

interface Entry {
  readonly key: Located;
  readonly value: unknown;
}

class Reader {
  constructor(
    private readonly text: string,
    private readonly lines: LineCounter,
  ) {}

  get(node: unknown, key: string): unknown {
    return isMap(node) ? node.get(key, true) : undefined;
  }

  scalar(node: unknown): Located | null {
    if (!isScalar(node) || !node.range) return null;
    return {
      value: String(node.value),
      line: this.lineOf(node),
      source: this.text.slice(node.range[0], node.range[1]),
    };
  }

  pairs(node: unknown): readonly Entry[] {
    const pairs: readonly Pair[] = isMap(node) ? node.items : [];
    return pairs.flatMap(({ key, value }) => {
      const name = this.scalar(key);
      return name ? [{ key: name, value }] : [];
    });
  }

  /** The names in `on: push`, `on: [push]` or `on: { push: … }`. */
  names(node: unknown): readonly Located[] {
    const single = this.scalar(node);
    if (single) return [single];
    if (isSeq(node)) return node.items.flatMap((item) => (isPair(item) ? [] : (this.scalar(item) ?? [])));
    return this.pairs(node).map(({ key }) => key);
  }

  step(node: unknown): Step {
    const inputs = this.pairs(this.get(node, "with")).flatMap(({ key, value }) => {
      const input = this.scalar(value);
      return input ? [[key.value, input] as const] : [];
    });
    return {
      uses: this.scalar(this.get(node, "uses")),
      run: this.scalar(this.get(node, "run")),
      with: new Map(inputs),
    };
  }

  permissions(node: unknown): ReadonlyMap<string, Located> {
    const short = this.scalar(node);
    if (short) return new Map([["*", short]]);
    const scopes = this.pairs(node).flatMap(({ key, value }) => {
      const level = this.scalar(value);
      return level ? [[key.value, level] as const] : [];
    });
    return new Map(scopes);
  }

  private lineOf(node: Node): number {
    return this.lines.linePos(node.range?.[0] ?? 0).line;
  }
}
