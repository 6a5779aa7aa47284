/** What a file is for, told by its path. */
const TEST =
  /(^|\/)(tests?|__tests__|specs?|testing|e2e|cypress|testdata|fixtures)\/|[._-](test|spec|e2e|cy)\.[cm]?[jt]sx?$|(^|\/)test_[^/]*\.py$|_test\.(py|go)$|(^|\/)(tests?|specs?)\.[cm]?[jt]sx?$|(^|\/)conftest\.py$/i;
const DOCUMENTATION =
  /(^|\/)(docs?|changelogs?|licenses?)\/|\.(md|mdx|rst|adoc|txt)$|(^|\/)(license|notice|codeowners)$/i;
const SOURCE = /\.([cm]?[jt]sx?|py|go|rb|java|kt|rs|cs|php|swift|scala|c|cc|cpp|h|hpp|ex|exs|vue|svelte)$/i;
const VENDORED = /(^|\/)(vendor|node_modules|third_party|dist|build|\.yarn)\//i;
const CONFIGURATION =
  /(^|\/)[^/]*\.config\.[cm]?[jt]s$|(^|\/)(setup|conf)\.py$|\.d\.[cm]?ts$|(^|\/)\.[^/]+rc\.[cm]?js$/i;

export function isTest(path: string): boolean {
  return TEST.test(path);
}

export function isDocumentation(path: string): boolean {
  return DOCUMENTATION.test(path);
}

export function isVendored(path: string): boolean {
  return VENDORED.test(path);
}

/** Code that ought to be tested: not a test, a declaration, a configuration, or somebody else's. */
export function isSource(path: string): boolean {
  return SOURCE.test(path) && !isTest(path) && !isVendored(path) && !isDocumentation(path) && !CONFIGURATION.test(path);
}
