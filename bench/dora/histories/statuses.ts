import { base, id, line, main, second, squash, type Scripted } from "../script.js";
import { shaOf } from "../world.js";

/** Statuses, clocks, gaps and incidents. */
export const STATUSES: readonly Scripted[] = [
  {
    name: "no status at all",
    figures: { production: line(2, "1/3(2)", "unfinished=1") },
    play(w) {
      base(w);
      main(w, "b", "a", 2);
      w.d(2, "production", "b", 3, { statuses: [] });
      main(w, "c", "b", 4);
      w.d(3, "production", "c", 5);
    },
  },
  {
    name: "in progress for ever",
    figures: { production: line(1, "-", "unfinished=1") },
    play(w) {
      base(w);
      main(w, "b", "a", 2);
      w.d(2, "production", "b", 3, { statuses: [["in_progress", 3]] });
    },
  },
  {
    name: "a failure, then a success of the same deployment",
    figures: { production: line(2, "3/3(1)") },
    play(w) {
      base(w);
      main(w, "b", "a", 2);
      w.d(2, "production", "b", 3, {
        statuses: [
          ["error", 3],
          ["success", 5],
        ],
      });
    },
  },
  {
    name: "a failed attempt is no failed change",
    figures: { production: line(2, "4/4(1)", "success=2/3") },
    play(w) {
      base(w);
      main(w, "b", "a", 2);
      w.d(2, "production", "b", 3, {
        statuses: [
          ["in_progress", 3],
          ["failure", 4],
        ],
      });
      w.d(3, "production", "b", 6);
    },
  },
  {
    name: "inactive after success",
    figures: { production: line(2, "1/1(1)") },
    play(w) {
      base(w);
      main(w, "b", "a", 2);
      w.d(2, "production", "b", 3, {
        statuses: [
          ["success", 3],
          ["inactive", 9],
        ],
      });
    },
  },
  {
    name: "inactive alone says nothing",
    figures: { production: line(1, "-", "unfinished=1") },
    play(w) {
      base(w);
      main(w, "b", "a", 2);
      w.d(2, "production", "b", 3, { statuses: [["inactive", 3]] });
    },
  },
  {
    name: "a failure after a success",
    figures: { production: line(1, "-", "success=1/2") },
    play(w) {
      base(w);
      main(w, "b", "a", 2);
      w.d(2, "production", "b", 3, {
        statuses: [
          ["success", 3],
          ["failure", 4],
        ],
      });
    },
  },
  {
    name: "two deployments in one second",
    figures: { production: line(3, "0.5/1(2)") },
    play(w) {
      base(w);
      main(w, "b", "a", 2);
      main(w, "c", "b", 2.5);
      w.d(2, "production", "b", 3);
      w.d(3, "production", "c", 3);
    },
  },
  {
    name: "a rollback in the same second",
    figures: { production: line(3, "1/1(1)", "fail=1/3[2] recover=0(1) rework=1/3") },
    play(w) {
      base(w);
      main(w, "b", "a", 2);
      w.d(2, "production", "b", 3);
      w.d(3, "production", "a", 3);
    },
  },
  {
    name: "an author whose clock is ahead",
    figures: { production: line(2, "2/2(1)") },
    play(w) {
      base(w);
      main(w, "b", "a", 3, { by: 9 });
      w.d(2, "production", "b", 5);
    },
  },
  {
    name: "commits that are not stored",
    figures: { production: line(3, "1/1(1)", "gaps=1") },
    play(w) {
      base(w);
      w.c("b", "a", 2);
      w.unread("b");
      w.c("c", "b", 3);
      w.d(2, "production", "c", 5);
      main(w, "e", "c", 6);
      w.d(3, "production", "e", 7);
    },
  },
  {
    name: "the jobs of one workflow run",
    figures: { production: line(2, "2/2(1)") },
    play(w) {
      base(w);
      main(w, "b", "a", 2);
      w.d(2, "production", "b", 3, { run: 77 });
      w.d(3, "production", "b", 4, { run: 77 });
    },
  },
  {
    name: "one failed job of a workflow run",
    figures: { production: line(1, "-", "success=1/2") },
    play(w) {
      base(w);
      main(w, "b", "a", 2);
      w.d(2, "production", "b", 3, { run: 77 });
      w.d(3, "production", "b", 4, { run: 77, statuses: [["failure", 4]] });
    },
  },
  {
    name: "an incident that names a deployment",
    figures: { production: line(2, "1/1(1)", "fail=1/2[2] recover=3(1)") },
    play(w) {
      second(w);
      w.incident(5, 4, 6, `Caused by deployment ${id(2)}`);
    },
  },
  {
    name: "an incident that is still open",
    figures: { production: line(2, "1/1(1)", "fail=1/2[2] open=1") },
    play(w) {
      second(w);
      w.incident(5, 4, null, `It began with ${shaOf("b")}.`);
    },
  },
  {
    name: "an incident of a pull request, ended by a hotfix",
    figures: { production: line(3, "1/3(2)", "fail=1/3[2] recover=3(1) rework=1/3") },
    play(w) {
      base(w);
      squash(w, 1, "a", ["x", 2], ["m", 4]);
      w.d(2, "production", "m", 5);
      w.incident(5, 6, 12, "Caused by #1");
      main(w, "c", "m", 7);
      w.d(3, "production", "c", 8, { payload: { hotfix: true } });
    },
  },
  {
    name: "a branch that is deployed before it is merged",
    figures: { production: line(3, "1/1(1)") },
    play(w) {
      base(w);
      w.c("x", "a", 2);
      w.push("", "x", 2, "topic-1");
      w.d(2, "production", "x", 3, { ref: "topic-1" });
      w.c("m", "a x", 5);
      w.push("a", "x m", 5);
      w.pr(1, { head: "x", merge: "m", at: 5 });
      w.d(3, "production", "m", 6);
    },
  },
  {
    name: "a branch that was merged late",
    figures: { production: line(3, "1/49.5(2)") },
    play(w) {
      base(w);
      w.c("x", "a", 1.5);
      w.push("", "x", 1.5, "topic-1");
      main(w, "b", "a", 2);
      w.d(2, "production", "b", 3);
      w.c("m", "b x", 50);
      w.push("b", "x m", 50);
      w.pr(1, { head: "x", merge: "m", at: 50 });
      w.d(3, "production", "m", 51);
    },
  },
];
