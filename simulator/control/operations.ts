import type { DeliveryRecord } from "../deliveries/record.js";
import type { Faults } from "../faults.js";
import { apply } from "../organisation/apply.js";
import { type OnNumber, ChangeRefused } from "../organisation/changes/find.js";
import type { Change } from "../organisation/changes/table.js";
import { drain } from "../organisation/create.js";
import type { EventName, Payload } from "../organisation/delivery.js";
import { dump, type Dump } from "../organisation/dump.js";
import { generate, type GenerateOptions } from "../organisation/generate.js";
import { randomChanges, type RandomChangesOptions } from "../organisation/random-change.js";
import { playStory, type StoryOptions } from "../organisation/story.js";
import type { LoggedCall } from "../server/call-log.js";
import type { Simulation } from "../simulation.js";
import { type ReviewSeen, seenOf } from "./review-seen.js";
import { type ThreadIds, threadsIn, type Visible, visibleIn } from "./visible.js";
import { summaryOf, type Summary } from "./summary.js";

/** Delivers what the changes since the last call have put in the outbox. */
export function flush({ organisation, deliveries }: Simulation): string[] {
  return deliveries.send(drain(organisation)).map((record) => record.guid);
}

export interface Applied extends Summary {
  /** GUIDs of the deliveries that the change called for. */
  readonly guids: readonly string[];
}

interface Counters {
  readonly callers: ReturnType<Simulation["limits"]["counters"]>;
  /** Calls by `METHOD path` or by the name of the GraphQL operation. */
  readonly calls: { readonly [call: string]: number };
  readonly unhandled: { readonly [what: string]: number };
  readonly faults: { readonly [fault: string]: number };
  readonly deliveries: { readonly sent: number; readonly failed: number };
}

const failed = (record: DeliveryRecord): boolean => record.statusCode < 200 || record.statusCode >= 400;

/** Everything a test or the demo can do to a running simulated GitHub. */
export const OPERATIONS = {
  /** Applies one change and sends its deliveries. */
  apply: (simulation: Simulation, input: Change): Applied => {
    const result: unknown = applyChange(simulation, input);
    return { ...summaryOf(result), guids: flush(simulation) };
  },
  /** Applies random changes; returns what they were. */
  random: (simulation: Simulation, input: RandomChangesOptions): { readonly changes: readonly Change[] } => {
    const changes = randomChanges(simulation.organisation, input, (seconds) => simulation.clock.advance(seconds));
    flush(simulation);
    return { changes };
  },
  /** Fills the organisation without deliveries. */
  generate: (simulation: Simulation, input: GenerateOptions): { readonly installation: number } =>
    generate(simulation.organisation, input),
  /** Plays the demo's story, one step at a call; says what happens in it. */
  story: (simulation: Simulation, input: StoryOptions): { readonly step: string; readonly done: boolean } => {
    const told = playStory(simulation.organisation, input);
    flush(simulation);
    return told;
  },
  /** Delivers a payload as it is. */
  deliver: (
    simulation: Simulation,
    input: { readonly event: EventName; readonly payload: Payload },
  ): { readonly guids: readonly string[] } => {
    const { event, payload } = input;
    const delivery = {
      event,
      payload,
      action: payload.action ?? null,
      installationId: payload.installation?.id ?? null,
      repositoryId: payload.repository?.id ?? null,
    };
    return { guids: simulation.deliveries.send([delivery]).map((record) => record.guid) };
  },
  redeliver: (simulation: Simulation, input: { readonly id: number }): { readonly id: number | null } => ({
    id: simulation.deliveries.redeliver(input.id)?.id ?? null,
  }),
  /** Switches faults on; those that are not named are off. */
  faults: (simulation: Simulation, input: Partial<Faults>): object => {
    simulation.faults.set(input);
    return {};
  },
  webhook: (simulation: Simulation, input: { readonly url?: string | null; readonly secret?: string }): object => {
    const { hook } = simulation.deliveries;
    if (input.url !== undefined) hook.url = input.url;
    if (input.secret !== undefined) hook.secret = input.secret;
    return {};
  },
  clock: (
    simulation: Simulation,
    input: { readonly advanceSeconds?: number; readonly stopAt?: string; readonly run?: boolean },
  ): { readonly now: string } => {
    if (input.stopAt !== undefined) simulation.clock.stop(new Date(input.stopAt));
    if (input.run === true) simulation.clock.run();
    if (input.advanceSeconds !== undefined) simulation.clock.advance(input.advanceSeconds);
    return { now: simulation.clock.now().toISOString() };
  },
  /** Sets what is left of the hourly quotas. */
  remaining: (simulation: Simulation, input: { readonly rest?: number; readonly graphql?: number }): object => {
    simulation.limits.setRemaining(Date.now(), input);
    return {};
  },
  expireTokens: (simulation: Simulation, _input: object): object => {
    simulation.tokens.expireAll();
    return {};
  },
  /** Who signs in on the authorize page. */
  signIn: (simulation: Simulation, input: { readonly login: string }): object => {
    simulation.signedInAs = input.login;
    return {};
  },
  counters: (simulation: Simulation, _input: object): Counters => ({
    callers: simulation.limits.counters(Date.now()),
    calls: Object.fromEntries(simulation.log.counts),
    unhandled: Object.fromEntries(simulation.log.unhandled),
    faults: Object.fromEntries(simulation.faults.struck),
    deliveries: {
      sent: simulation.deliveries.records.length,
      failed: simulation.deliveries.records.filter(failed).length,
    },
  }),
  calls: (simulation: Simulation, _input: object): readonly LoggedCall[] => simulation.log.calls(),
  clearCalls: (simulation: Simulation, _input: object): object => {
    simulation.log.clear();
    return {};
  },
  dump: (simulation: Simulation, input: { readonly installation?: number }): Dump =>
    dump(
      simulation.organisation,
      input.installation === undefined ? undefined : simulation.organisation.installations.get(input.installation),
    ),
  deliveries: (simulation: Simulation, _input: object): readonly Omit<DeliveryRecord, "body" | "headers">[] =>
    simulation.deliveries.records.map(({ body: _body, headers: _headers, ...rest }) => rest),
  /** How much of a review of the App's is to be seen on a pull request. */
  review: (simulation: Simulation, input: OnNumber): ReviewSeen => seenOf(simulation.organisation, input),
  /** All of it, as people see it. */
  visible: (simulation: Simulation, input: OnNumber): Visible => visibleIn(simulation.organisation, input),
  threads: (simulation: Simulation, input: OnNumber): readonly ThreadIds[] => threadsIn(simulation.organisation, input),
  /** Waits until every delivery was attempted. */
  idle: async (simulation: Simulation, _input: object): Promise<object> => {
    await simulation.deliveries.idle();
    return {};
  },
};

function applyChange({ organisation }: Simulation, input: Change): unknown {
  try {
    return apply(organisation, input.change, input.input);
  } catch (error) {
    if (error instanceof ChangeRefused) throw new ChangeRefused(error.status, `${input.change}: ${error.message}`);
    throw error;
  }
}

export type OperationName = keyof typeof OPERATIONS;
export type OperationInput<K extends OperationName> = Parameters<(typeof OPERATIONS)[K]>[1];
export type OperationOutput<K extends OperationName> = Awaited<ReturnType<(typeof OPERATIONS)[K]>>;
