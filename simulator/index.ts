/**
 * A simulated GitHub: one in-memory organisation behind REST, GraphQL, OAuth and webhooks.
 *
 * - `startGitHub(options)`: in this process; `.simulation` is its state, `.control` changes it, `.close()` ends it.
 * - `startGitHubProcess(options)`: the same in a process of its own, which ends with this one.
 * - Both give `url` (GITHUB_API_URL and GITHUB_SERVER_URL), `graphqlUrl`, `appId`, `privateKey`, `webhookSecret`,
 *   `clientId`, `clientSecret`.
 * - `control.apply("openPull", { repository: "acme/shop", title: "…" })`: one change, with its deliveries. Every change
 *   is in `organisation/changes/table.ts`.
 * - `control.run("faults" | "webhook" | "clock" | "random" | "generate" | "story" | "dump" | "counters" | "calls" |
 *   "deliveries" | "deliver" | "redeliver" | "remaining" | "expireTokens" | "signIn" | "idle" | …, input)`: the rest, in
 *   `control/operations.ts`.
 * - Without any server: `createOrganisation({ now })`, `apply(organisation, change, input)`, `drain(organisation)` (the
 *   deliveries that GitHub would send), `randomChange`, `generate`, `dump`.
 * - What is not simulated is a 501 that names it, counted in `counters.unhandled`; `close` rejects then, so that a test fails.
 */
export { apply } from "./organisation/apply.js";
export { ChangeRefused } from "./organisation/changes/find.js";
export type { Change, ChangeInput, ChangeName, ChangeResult } from "./organisation/changes/table.js";
export { APP_EVENTS, APP_PERMISSIONS, createOrganisation, drain } from "./organisation/create.js";
export type { Delivery } from "./organisation/delivery.js";
export { dump, type Dump } from "./organisation/dump.js";
export { generate, type GenerateOptions } from "./organisation/generate.js";
export type { Organisation } from "./organisation/organisation.js";
export { randomChange, randomChanges, type RandomChangesOptions } from "./organisation/random-change.js";
export { STORY_STEPS, playStory } from "./organisation/story.js";
export { seededRandom, type Random } from "./random.js";
export { startGitHub, type GitHubAddress, type GitHubOptions, type RunningGitHub } from "./start.js";
export { controlOver, startGitHubProcess, type GitHubProcess } from "./process.js";
export type { Control } from "./control/client.js";
export { NO_FAULTS, type Faults, type PlannedFault } from "./faults.js";
