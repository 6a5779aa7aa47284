import { newId, register, type Organisation } from "./organisation.js";
import { apply } from "./apply.js";
import type { Deployment } from "./repository.js";
import type { PullRequest, Issue } from "./conversation.js";
import { ChangeRefused } from "./changes/find.js";

export interface StoryOptions {
  /** The step to play, from 0. */
  readonly step: number;
}

const SHOP = "acme/shop";

const CART = `export interface Item {\n  readonly price: number;\n  readonly count: number;\n}\n\nexport function total(items: readonly Item[]): number {\n  let sum = 0;\n  for (const item of items) sum += item.price;\n  return sum;\n}\n`;
const DISCOUNT = `export function discount(total: number): number {\n  debugger;\n  return total > 100 ? total * 0.9 : total;\n}\n\nexport function remember(total: number): void {\n  try {\n    localStorage.setItem("total", String(total));\n  } catch (error) {}\n}\n`;
const DISCOUNT_TEST = `it.only("takes a tenth off", () => {\n  expect(discount(200)).toBe(180);\n});\n`;
const NO_DISCOUNT_DEFECTS = `export function discount(total: number): number {\n  return total > 100 ? total * 0.9 : total;\n}\n`;
const FIXED = CART.replace("item.price;", "item.price * item.count;");

function pullNamed(organisation: Organisation, title: string): PullRequest {
  const found = [...(organisation.byName.get(SHOP)?.pulls.values() ?? [])].find((each) => each.title === title);
  if (found === undefined) throw new ChangeRefused(404, `the story has no pull request "${title}" yet`);
  return found;
}

function issueNamed(organisation: Organisation, title: string): Issue {
  const found = [...(organisation.byName.get(SHOP)?.issues.values() ?? [])].find((each) => each.title === title);
  if (found === undefined) throw new ChangeRefused(404, `the story has no issue "${title}" yet`);
  return found;
}

function lastDeployment(organisation: Organisation): Deployment {
  const found = [...(organisation.byName.get(SHOP)?.deployments.values() ?? [])].at(-1);
  if (found === undefined) throw new ChangeRefused(404, "the story has no deployment yet");
  return found;
}

interface Step {
  readonly say: string;
  readonly play: (organisation: Organisation) => unknown;
}

const ADD_CART = "Add the cart's total";
const DISCOUNTS = "A discount for big carts";
const WRONG_SUM = "The total ignores how many there are";

/** The steps after which a review is to be seen. */
export const PLANTED = "hubot opens a pull request with a debugger statement, a focused test and a swallowed error";
export const FORCE_PUSHED = "hubot rewrites the branch and pushes it by force; every line moves down by one";
export const FINDINGS_FIXED = "hubot fixes the findings of the review";

/** Sets the scene: repositories, people with their roles, a team, and the App installed. */
function setUp(organisation: Organisation): void {
  const files = [
    { path: "README.md", content: "# Shop\n" },
    { path: "CODEOWNERS", content: "* @monalisa\n/src/ @acme/shop-team\n" },
    { path: ".github/companyos.yml", content: "review:\n  rules:\n    swallowed-error: notice\n" },
    { path: "src/index.ts", content: 'export { total } from "./cart.js";\n' },
  ];
  apply(organisation, "createRepository", { repository: SHOP, files });
  apply(organisation, "createRepository", { repository: "acme/website", visibility: "public" });
  apply(organisation, "setRole", { repository: SHOP, login: "monalisa", role: "admin" });
  apply(organisation, "setRole", { repository: SHOP, login: "hubot", role: "write" });
  apply(organisation, "setRole", { repository: SHOP, login: "octocat", role: "write" });
  const team = { kind: "team" as const, id: newId(organisation), slug: "shop-team", name: "Shop team", members: [] };
  organisation.teams.push(register(organisation, team));
  apply(organisation, "install", { by: "monalisa" });
}

const onCart = (organisation: Organisation) => ({ repository: SHOP, number: pullNamed(organisation, ADD_CART).number });
const onWrongSum = (organisation: Organisation) => ({
  repository: SHOP,
  number: issueNamed(organisation, WRONG_SUM).number,
});

const STEPS: readonly Step[] = [
  { say: "monalisa installs the App on acme", play: setUp },
  {
    say: "a customer reports a wrong total",
    play: (it) =>
      apply(it, "openIssue", {
        repository: SHOP,
        title: WRONG_SUM,
        body: "Two apples cost as much as one.",
        by: "customer",
      }),
  },
  { say: "hubot labels it a bug", play: (it) => apply(it, "label", { ...onWrongSum(it), label: "bug", by: "hubot" }) },
  {
    say: "hubot asks a question",
    play: (it) => apply(it, "addComment", { ...onWrongSum(it), body: "Which version?", by: "hubot" }),
  },
  {
    say: "octocat opens a pull request",
    play: (it) => {
      const number = issueNamed(it, WRONG_SUM).number;
      const commits = [{ message: "Add the total", files: [{ path: "src/cart.ts", content: CART }] }];
      return apply(it, "openPull", {
        repository: SHOP,
        title: ADD_CART,
        body: `Fixes #${number}`,
        head: "cart",
        commits,
      });
    },
  },
  {
    say: "octocat requests a review by monalisa",
    play: (it) => apply(it, "requestReviewer", { ...onCart(it), reviewer: "monalisa" }),
  },
  {
    say: "monalisa asks for a change",
    play: (it) =>
      apply(it, "submitReview", {
        ...onCart(it),
        state: "CHANGES_REQUESTED",
        body: "The count is missing.",
        by: "monalisa",
        comments: [{ path: "src/cart.ts", line: 8, body: "times `item.count`" }],
      }),
  },
  {
    say: "octocat pushes the fix",
    play: (it) =>
      apply(it, "push", {
        repository: SHOP,
        branch: "cart",
        commits: [{ message: "Mind the count", files: [{ path: "src/cart.ts", content: FIXED }] }],
      }),
  },
  {
    say: "monalisa approves",
    play: (it) => apply(it, "submitReview", { ...onCart(it), state: "APPROVED", body: "", by: "monalisa" }),
  },
  { say: "monalisa merges; the issue closes", play: (it) => apply(it, "mergePull", { ...onCart(it), by: "monalisa" }) },
  {
    say: "a deployment to production starts",
    play: (it) => apply(it, "createDeployment", { repository: SHOP, by: "hubot" }),
  },
  {
    say: "the deployment is in progress",
    play: (it) =>
      apply(it, "setDeploymentStatus", { deployment: lastDeployment(it).id, state: "in_progress", by: "hubot" }),
  },
  {
    say: "the deployment succeeds",
    play: (it) =>
      apply(it, "setDeploymentStatus", { deployment: lastDeployment(it).id, state: "success", by: "hubot" }),
  },
  {
    say: "monalisa releases v1.0.0",
    play: (it) =>
      apply(it, "createRelease", {
        repository: SHOP,
        tag: "v1.0.0",
        name: "The cart",
        body: "It counts.",
        by: "monalisa",
      }),
  },
  {
    say: PLANTED,
    play: (it) => {
      const files = [
        { path: "src/discount.ts", content: DISCOUNT },
        { path: "src/discount.test.ts", content: DISCOUNT_TEST },
      ];
      const commits = [{ message: "Add a discount", files }];
      return apply(it, "openPull", { repository: SHOP, title: DISCOUNTS, head: "discount", commits, by: "hubot" });
    },
  },
  {
    say: FORCE_PUSHED,
    play: (it) =>
      apply(it, "push", {
        repository: SHOP,
        branch: "discount",
        force: true,
        by: "hubot",
        commits: [
          {
            message: "Add a discount for big carts",
            files: [
              { path: "src/discount.ts", content: `// For big carts only.\n${DISCOUNT}` },
              { path: "src/discount.test.ts", content: `// One tenth.\n${DISCOUNT_TEST}` },
            ],
          },
        ],
      }),
  },
  {
    say: FINDINGS_FIXED,
    play: (it) =>
      apply(it, "push", {
        repository: SHOP,
        branch: "discount",
        by: "hubot",
        commits: [
          {
            message: "Fix the findings",
            files: [
              { path: "src/discount.ts", content: NO_DISCOUNT_DEFECTS },
              { path: "src/discount.test.ts", content: DISCOUNT_TEST.replace("it.only", "it") },
            ],
          },
        ],
      }),
  },
  {
    say: "an empty pull request is closed again",
    play: (it) => {
      const { number } = apply(it, "openPull", { repository: SHOP, title: "Try something", draft: true, by: "hubot" });
      return apply(it, "closePull", { repository: SHOP, number, by: "hubot" });
    },
  },
];

export const STORY_STEPS = STEPS.length;

/** Plays one step of the demo's story: issues, a pull request to its merge, a deployment, a release. */
export function playStory(
  organisation: Organisation,
  { step }: StoryOptions,
): { readonly step: string; readonly done: boolean } {
  const scene = STEPS[step];
  if (scene === undefined) return { step: "the end", done: true };
  scene.play(organisation);
  return { step: scene.say, done: step === STEPS.length - 1 };
}
