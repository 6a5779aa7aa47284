import { z } from "zod";
import { globProblem, LONGEST_GLOB } from "../agents/glob.js";

/** Globs in one list: what a review can put to each path of a large change. */
const MOST_GLOBS = 200;
const glob = z
  .string()
  .min(1)
  .max(LONGEST_GLOB)
  .superRefine((pattern, context) => {
    const problem = pattern.length > LONGEST_GLOB ? null : globProblem(pattern);
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
  });

/** A list of globs that every review can use: what the run refuses, the settings refuse first. */
export const globList = z.array(glob).max(MOST_GLOBS);
/** A list of names: labels, logins, owners. */
export const nameList = z.array(z.string().max(200)).max(MOST_GLOBS);
