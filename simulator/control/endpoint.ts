import type { ServerResponse } from "node:http";
import { parseJson } from "../../src/unchecked.js";
import { ChangeRefused } from "../organisation/changes/find.js";
import type { Simulation } from "../simulation.js";
import { operate } from "./operate.js";
import { OPERATIONS, type OperationName } from "./operations.js";
import { trusted } from "./trusted.js";

function isOperation(name: string): name is OperationName {
  return Object.hasOwn(OPERATIONS, name);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body ?? null));
}

/** Answers `POST /_control/{operation}`. */
export async function answerControl(
  simulation: Simulation,
  name: string,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  if (!isOperation(name)) return send(response, 404, { message: `no operation ${name}` });
  try {
    const input: unknown = body.length === 0 ? {} : parseJson(body.toString());
    send(response, 200, await operate(simulation, name, trusted(input)));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    send(response, error instanceof ChangeRefused ? error.status : 500, { message });
  }
}
