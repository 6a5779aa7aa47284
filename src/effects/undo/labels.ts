import type { Attempt } from "../attempt.js";
import { eventsOf, reasonToLeave, type Standing, standingOf } from "./events.js";
import type { Act, Inversion, TakenBack } from "./inversion.js";

/** Removes labels that the App added, and adds labels that it removed, where the newest event is the App's. */
export async function invertLabels(given: TakenBack<"labels">, attempt: Attempt): Promise<Inversion> {
  const { done, since, only, where, last } = given;
  const issue_number = last.effect.issue;
  const events = await eventsOf(attempt, where, issue_number);
  const wanted = (name: string) => only === null || only.some((each) => same(each, name));
  const kept = since.flatMap(({ effect }) => [...effect.add, ...effect.remove]);
  const [added, removed] = netOf(done.map(({ effect }) => effect));
  const acts: Act[] = [];
  const left: string[] = [];
  const standings: Standing[] = [];
  const decide = async (name: string, on: boolean, act: Act) => {
    if (!wanted(name)) return;
    if (kept.some((each) => same(each, name))) {
      left.push(`label ${name}: a later effect of the app wants it so`);
      return;
    }
    const [to, from] = on ? ["labeled", "unlabeled"] : ["unlabeled", "labeled"];
    const standing = await standingOf(events, { on: to, off: from, about: name }, attempt);
    standings.push(standing);
    // Without an event the label was not there to be taken off: nothing was done.
    if (standing === null && !on) return;
    const reason = reasonToLeave(standing, `label ${name}`);
    if (reason === null) acts.push(act);
    else left.push(reason);
  };
  for (const name of added)
    await decide(name, true, {
      route: "DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}",
      parameters: { ...where, issue_number, name },
    });
  for (const name of removed)
    await decide(name, false, {
      route: "POST /repos/{owner}/{repo}/issues/{issue_number}/labels",
      parameters: { ...where, issue_number, labels: [name] },
    });
  return { acts, left, already: acts.length === 0 && standings.includes("undone") };
}

/** Added and removed labels, by the first effect on each; later effects on it cancel out. */
function netOf(
  effects: readonly { readonly add: readonly string[]; readonly remove: readonly string[] }[],
): readonly [readonly string[], readonly string[]] {
  const first = new Map<string, { readonly name: string; readonly on: boolean }>();
  const last = new Map<string, boolean>();
  for (const { add, remove } of effects) {
    for (const [names, on] of [[add, true] as const, [remove, false] as const])
      for (const name of names) {
        const key = name.toLowerCase();
        if (!first.has(key)) first.set(key, { name, on });
        last.set(key, on);
      }
  }
  const net = [...first].filter(([key, { on }]) => last.get(key) === on).map(([, each]) => each);
  return [net.filter(({ on }) => on).map(({ name }) => name), net.filter(({ on }) => !on).map(({ name }) => name)];
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
