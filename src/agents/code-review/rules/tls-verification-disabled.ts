import { say } from "../../../text/say.js";
import { isTest } from "../file-role.js";
import { SCRIPT } from "../languages.js";
import { structureRule } from "./structure-rule.js";

/** Certificate verification is switched off. Tests are excluded, because they connect to themselves. */
export const tlsVerificationDisabled = structureRule({
  id: "tls-verification-disabled",
  severity: "failure",
  why: "Without a verified certificate, anyone on the network path can read and change the traffic.",
  says: say`This accepts any certificate.`,
  concerns: (path) => !isTest(path),
  queries: [
    {
      languages: SCRIPT,
      rule: {
        kind: "pair",
        all: [
          { has: { field: "key", regex: "^[\"']?rejectUnauthorized[\"']?$" } },
          { has: { field: "value", regex: "^(false|0)$" } },
        ],
      },
    },
    {
      languages: SCRIPT,
      rule: {
        kind: "assignment_expression",
        all: [
          {
            has: {
              field: "left",
              regex: "(\\.|\\[[\"'])(NODE_TLS_REJECT_UNAUTHORIZED|rejectUnauthorized)([\"']\\])?$",
            },
          },
          { has: { field: "right", regex: "^([\"']0[\"']|0|false)$" } },
        ],
      },
    },
    {
      languages: ["python"],
      rule: {
        kind: "keyword_argument",
        all: [
          { has: { field: "name", regex: "^(verify|verify_ssl|ssl_verify|check_hostname|validate_certs)$" } },
          { has: { field: "value", regex: "^False$" } },
          {
            inside: {
              kind: "argument_list",
              inside: {
                kind: "call",
                has: {
                  field: "function",
                  regex:
                    "(?i)(^|\\.)(request|get|post|put|patch|delete|head|options|stream|session|client|asyncclient|tcpconnector|connect\\w*|urlopen|poolmanager|\\w*client|\\w*session)$",
                },
              },
            },
          },
        ],
      },
    },
    {
      languages: ["python"],
      rule: {
        kind: "assignment",
        any: [
          {
            all: [
              { has: { field: "left", regex: "\\.verify$|\\.check_hostname$" } },
              { has: { field: "right", regex: "^False$" } },
            ],
          },
          {
            all: [
              { has: { field: "left", regex: "\\.verify_mode$" } },
              { has: { field: "right", regex: "CERT_NONE$" } },
            ],
          },
          {
            all: [
              { has: { field: "left", regex: "_create_default_https_context$" } },
              { has: { field: "right", regex: "_create_unverified_context$" } },
            ],
          },
        ],
      },
    },
    {
      languages: ["python"],
      rule: { kind: "call", has: { field: "function", regex: "(^|\\.)_create_unverified_context$" } },
    },
    {
      languages: ["go"],
      rule: { kind: "keyed_element", regex: "^InsecureSkipVerify\\s*:\\s*true$" },
    },
    {
      languages: ["go"],
      rule: {
        kind: "assignment_statement",
        all: [
          { has: { field: "left", regex: "\\.InsecureSkipVerify$" } },
          { has: { field: "right", regex: "^true$" } },
        ],
      },
    },
  ],
});
