import { base, line, main, reverts, second, squash, type Scripted } from "../script.js";

/** Reverts and rollbacks. */
export const FAILURES: readonly Scripted[] = [
  {
    name: "a revert is deployed",
    figures: { production: line(3, "1/1(2)", "fail=1/3[2] recover=2(1) rework=1/3") },
    play(w) {
      second(w);
      main(w, "r", "b", 4, { message: reverts("b") });
      w.d(3, "production", "r", 5);
    },
  },
  {
    name: "a revert before the deployment",
    figures: { production: line(2, "2/3(2)") },
    play(w) {
      base(w);
      main(w, "b", "a", 2);
      main(w, "r", "b", 3, { message: reverts("b") });
      w.d(2, "production", "r", 5);
    },
  },
  {
    name: "a revert after the window",
    figures: { production: line(3, "1/1(2)") },
    play(w) {
      second(w);
      main(w, "r", "b", 200, { message: reverts("b") });
      w.d(3, "production", "r", 201);
    },
  },
  {
    name: "a revert by a pull request",
    figures: { production: line(3, "3/3(2)", "fail=1/3[2] recover=4(1) rework=1/3") },
    play(w) {
      base(w);
      squash(w, 1, "a", ["x", 2], ["m", 4]);
      w.d(2, "production", "m", 5);
      squash(w, 2, "m", ["y", 6], ["n", 7], { title: 'Revert "A change"', body: "Reverts acme/r#1" });
      w.d(3, "production", "n", 9);
    },
  },
  {
    name: "a revert of a revert",
    figures: { production: line(4, "1/1(3)", "fail=1/4[2] recover=2(1) rework=1/4") },
    play(w) {
      second(w);
      main(w, "r", "b", 4, { message: reverts("b") });
      w.d(3, "production", "r", 5);
      main(w, "s", "r", 6, { message: reverts("r") });
      w.d(4, "production", "s", 7);
    },
  },
  {
    name: "a revert of what the first deployment brought",
    figures: { production: line(2, "1/1(1)") },
    play(w) {
      base(w);
      main(w, "r", "a", 2, { message: reverts("a") });
      w.d(2, "production", "r", 3);
    },
  },
  {
    name: "a rollback",
    figures: { production: line(3, "1/1(1)", "fail=1/3[2] recover=1(1) rework=1/3") },
    play(w) {
      second(w);
      w.d(3, "production", "a", 4);
    },
  },
  {
    name: "a rollback in two steps",
    figures: { production: line(5, "1/1(2)", "fail=2/5[2,3] recover=1(2) rework=2/5") },
    play(w) {
      second(w);
      main(w, "c", "b", 4);
      w.d(3, "production", "c", 5);
      w.d(4, "production", "b", 6);
      w.d(5, "production", "a", 8);
    },
  },
  {
    name: "a rollback over two versions",
    figures: { production: line(4, "1/1(2)", "fail=1/4[3] recover=1(1) rework=1/4") },
    play(w) {
      second(w);
      main(w, "c", "b", 4);
      w.d(3, "production", "c", 5);
      w.d(4, "production", "a", 6);
    },
  },
  {
    name: "a rollback, then the same again",
    figures: { production: line(4, "1/1(1)", "fail=1/4[2] recover=1(1) rework=1/4") },
    play(w) {
      second(w);
      w.d(3, "production", "a", 4);
      w.d(4, "production", "b", 6);
    },
  },
  {
    name: "the same commit deployed twice",
    figures: { production: line(3, "1/1(1)") },
    play(w) {
      second(w);
      w.d(3, "production", "b", 6);
    },
  },
  {
    name: "a rollback after the window",
    figures: { production: line(3, "1/1(1)", "rework=1/3") },
    play(w) {
      second(w);
      w.d(3, "production", "a", 200);
    },
  },
];
