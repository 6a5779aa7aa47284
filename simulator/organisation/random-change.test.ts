import { expect, test } from "vitest";
import { createOrganisation, drain } from "./create.js";
import { dump } from "./dump.js";
import { randomChanges } from "./random-change.js";
import { playStory } from "./story.js";

function play(seed: number, count: number, untold = false) {
  let now = Date.parse("2026-01-01T00:00:00Z");
  const organisation = createOrganisation({ now: () => new Date(now) });
  playStory(organisation, { step: 0 });
  const changes = randomChanges(organisation, { seed, count, untold }, (seconds) => (now += seconds * 1000));
  return { organisation, changes };
}

test("the same seed gives the same organisation and the same deliveries", () => {
  const [first, second] = [play(5, 300), play(5, 300)];
  expect(dump(first.organisation)).toEqual(dump(second.organisation));
  expect(drain(first.organisation)).toEqual(drain(second.organisation));
  expect(dump(play(6, 300).organisation)).not.toEqual(dump(first.organisation));
});

test("all kinds of change are drawn, and some within one second", () => {
  const { changes, organisation } = play(1, 3000);
  expect(changes).toHaveLength(3000);
  // All that the generators of `random/` can draw.
  expect(new Set(changes.map((each) => each.change)).size).toBe(40);
  const stamps = drain(organisation)
    .filter((each) => each.event === "issues")
    .map((each) =>
      JSON.stringify(each.payload["issue"])
        .match(/"id":(\d+).*"updated_at":"([^"]+)"/)
        ?.slice(1)
        .join(" "),
    );
  expect(new Set(stamps).size).toBeLessThan(stamps.length);
});

test("a pull request's last payload equals the organisation's state", () => {
  const { organisation } = play(9, 500);
  const last = new Map<unknown, unknown>();
  for (const { payload, event } of drain(organisation)) {
    const pull = event === "pull_request" ? payload["pull_request"] : undefined;
    if (typeof pull === "object" && pull !== null && "id" in pull) last.set(pull.id, pull);
  }
  for (const row of dump(organisation).pull_requests) {
    expect(last.get(row.id)).toMatchObject({
      title: row.title,
      body: row.body,
      state: row.state,
      draft: row.draft,
      merged_at: row.merged_at,
      additions: row.additions,
      head: { sha: row.head_sha },
    });
  }
});

test("labels are renamed only on request, and never to an existing name", () => {
  const renames = ({ changes }: ReturnType<typeof play>) => changes.filter(({ change }) => change === "editLabel");
  expect(renames(play(3, 1000))).toEqual([]);
  const { organisation, changes } = play(3, 1000, true);
  expect(renames({ organisation, changes }).length).toBeGreaterThan(5);
  for (const { labels, issues, pulls } of organisation.repositories.values())
    for (const on of [...issues.values(), ...pulls.values()])
      for (const label of on.labels) expect(labels.get(label.name.toLowerCase())).toBe(label);
});
