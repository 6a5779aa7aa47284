import { afterAll } from "vitest";
import { type Asked, type Behaviour, type ModelServer, startModelServer } from "../../simulator/model/server.js";

export { type Behaviour, type ModelServer, startModelServer, USAGE } from "../../simulator/model/server.js";

/** A model on this machine for this test file. */
export async function withModelServer(behave: (asked: Asked) => Behaviour): Promise<ModelServer> {
  const server = await startModelServer(behave);
  afterAll(() => server.close());
  return server;
}
