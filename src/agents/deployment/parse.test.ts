import { expect, it } from "vitest";
import { parseDeploy, parseLock } from "./parse.js";

it.each([
  ["production", { environment: "production", commit: null, noop: false, override: null }],
  ["production  abc1234", { environment: "production", commit: "abc1234", noop: false, override: null }],
  ["--noop production", { environment: "production", commit: null, noop: true, override: null }],
  [
    "production --override the site is down",
    { environment: "production", commit: null, noop: false, override: "the site is down" },
  ],
  ["production --override --noop", { environment: "production", commit: null, noop: false, override: "--noop" }],
])("/deploy %s", (argument, wish) => {
  expect(parseDeploy(argument)).toEqual(wish);
});

it.each([
  ["", "An environment is missing."],
  ["--noop", "An environment is missing."],
  ["production a b", "was not understood"],
  ["production --force", "was not understood"],
  ["production --override", "An override needs a reason."],
])("/deploy %s is explained", (argument, said) => {
  expect(parseDeploy(argument)).toContain(said);
});

it.each([
  ["production", true, { target: "production", minutes: null, take: false, reason: null }],
  ["production 2h a release", true, { target: "production", minutes: 120, take: false, reason: "a release" }],
  ["production --take bob left", true, { target: "production", minutes: null, take: true, reason: "bob left" }],
  ["production 2hours", true, { target: "production", minutes: null, take: false, reason: "2hours" }],
  ["9999d", false, { target: "", minutes: 43_200, take: false, reason: null }],
  ["off", false, { target: "", minutes: null, take: false, reason: "off" }],
])("/lock or /freeze %s", (argument, hasTarget, request) => {
  expect(parseLock(argument, hasTarget)).toEqual(request);
});
