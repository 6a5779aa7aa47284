/** A package manager's manifest and the lockfiles that follow it. */
export interface PackageManager {
  readonly manifest: string;
  /** Another file that may contain versions, beside the lockfile. */
  readonly catalog?: string;
  readonly lockfiles: readonly string[];
  /** Whether an added line of the manifest concerns dependencies; other edits need no new lockfile. */
  readonly declares: RegExp;
}

const VERSION = String.raw`"[~^<>=v*]*\d[^"]*"|"(?:workspace|npm|file|git|github|catalog|link):[^"]*"|"latest"|"\*"`;

export const PACKAGE_MANAGERS: readonly PackageManager[] = [
  {
    manifest: "package.json",
    catalog: "pnpm-workspace.yaml",
    lockfiles: ["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"],
    declares: new RegExp(
      String.raw`^\s*"(?!version"|node"|npm"|yarn"|pnpm"|packageManager")(?:@[\w.-]+/)?[\w.-]+"\s*:\s*(?:${VERSION})\s*,?\s*$`,
    ),
  },
  {
    manifest: "pyproject.toml",
    lockfiles: ["poetry.lock", "uv.lock", "pdm.lock"],
    declares:
      /^\s*(?:"[A-Za-z][\w.-]*(?:\[[\w,-]+\])?\s*(?:[<>=!~]=?|===|@)[^"]*",?|[A-Za-z][\w.-]*\s*=\s*(?:"[\^~<>=!]*\d[^"]*"|\{.*version\s*=.*\}))\s*$/,
  },
  { manifest: "Pipfile", lockfiles: ["Pipfile.lock"], declares: /^\s*"?[A-Za-z][\w.-]*"?\s*=\s*["{]/ },
  { manifest: "go.mod", lockfiles: ["go.sum"], declares: /^\s*(?:require\s+)?[\w.-]+\.[a-z]+\/\S+\s+v\d/ },
  {
    manifest: "Cargo.toml",
    lockfiles: ["Cargo.lock"],
    declares: /^\s*[\w-]+\s*=\s*(?:"[\^~<>=]*\d[^"]*"|\{.*version\s*=.*\})\s*$/,
  },
  { manifest: "Gemfile", lockfiles: ["Gemfile.lock"], declares: /^\s*gem\s+["']/ },
  { manifest: "composer.json", lockfiles: ["composer.lock"], declares: /^\s*"[\w.-]+\/[\w.-]+"\s*:\s*"/ },
];

const LOCKFILES: ReadonlySet<string> = new Set(PACKAGE_MANAGERS.flatMap(({ lockfiles }) => lockfiles));
const MANIFESTS: ReadonlySet<string> = new Set(
  PACKAGE_MANAGERS.flatMap(({ manifest, catalog }) => [manifest, ...(catalog === undefined ? [] : [catalog])]),
);

export function isLockfile(path: string): boolean {
  return LOCKFILES.has(nameOf(path));
}

export function isManifest(path: string): boolean {
  return MANIFESTS.has(nameOf(path));
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The folder of a path with its slash at the end; empty for the root. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}
