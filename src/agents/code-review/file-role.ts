/** The role of a file, by its path. */
const TEST =
  /(^|\/)(tests?|__tests__|__mocks__|__snapshots__|specs?|testing|e2e|cypress|testdata|fixtures?)\/|[._-](tests?|specs?|e2e|cy)\.[cm]?[jt]sx?$|\.(integration|unit|int)\.[cm]?[jt]sx?$|(^|\/)tests?_[^/]*\.py$|_tests?\.(py|go)$|(^|\/)(tests?|specs?)\.([cm]?[jt]sx?|py)$|(^|\/)conftest\.py$/i;
/** Camel case: `storeTest.js`, but not `latest.js`. */
const TEST_NAME = /[a-z0-9](?:Tests?|Spec|IT)\.(?:[cm]?[jt]sx?|java|kt|cs|php|swift|scala)$/;
const DOCUMENTATION =
  /(^|\/)(docs?|changelogs?|\.changeset|licenses?)\/|\.(md|mdx|rst|adoc|txt|patch|diff)$|(^|\/)(license|notice|codeowners)$/i;
const SOURCE = /\.([cm]?[jt]sx?|py|go|rb|java|kt|rs|cs|php|swift|scala|c|cc|cpp|h|hpp|ex|exs|vue|svelte)$/i;
const VENDORED = /(^|\/)(vendor|node_modules|third_party|dist|build|\.yarn|patches)\/|\.min\.(js|css)$/i;
const CONFIGURATION =
  /(^|\/)[^/]*\.config\.[cm]?[jt]s$|(^|\/)(setup|conf)\.py$|\.d\.[cm]?ts$|(^|\/)\.[^/]+rc\.[cm]?js$/i;
/** Code that supports or demonstrates the product, and is tested by running it. */
const BESIDE =
  /(^|\/)(migrations?|migrate|scripts?|tools?|hack|ci|\.github|examples?|samples?|demos?|playgrounds?|bench(marks?)?|perf|stories|\.storybook|website|locales?|i18n|lang|translations)\/|\.(stories|bench)\.[cm]?[jt]sx?$|(^|\/)[^/]*(harness|benchmark)[^/]*$/i;
const FIXTURE = /(^|\/)(testdata|fixtures?|__snapshots__|__fixtures__)\//i;

export function isTest(path: string): boolean {
  return TEST.test(path) || TEST_NAME.test(path);
}

/** Test data: its content is not the author's code. */
export function isFixture(path: string): boolean {
  return FIXTURE.test(path);
}

export function isDocumentation(path: string): boolean {
  return DOCUMENTATION.test(path);
}

export function isVendored(path: string): boolean {
  return VENDORED.test(path);
}

/** Code that should be tested: not a test, declaration, configuration, supporting script, or foreign code. */
export function isSource(path: string): boolean {
  const other = [isTest, isVendored, isDocumentation].some((is) => is(path));
  return SOURCE.test(path) && !other && !CONFIGURATION.test(path) && !BESIDE.test(path);
}
