import { createGuids } from "./guids.js";
import type { LoadOrder } from "./orders.js";
import { createSigner } from "./signer.js";

const GUID = "g".repeat(36);
const SIGNATURE = "s".repeat(64);

/**
 * Makes the requests of an order, each with a GUID and a body that no other has. What differs between two requests has a
 * fixed length: a connection's requests are all written into one buffer, which the next one may overwrite once it is
 * answered.
 * @returns what opens such a buffer; called again, it fills the buffer anew.
 */
export function createRequests(order: LoadOrder): () => () => Buffer {
  const tail = `,"nonce":"${GUID}"}`;
  const shared = Buffer.from(order.shared);
  const head = Buffer.from(
    `POST ${order.path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n` +
      `content-length: ${shared.length + tail.length}\r\naccept: */*\r\nuser-agent: GitHub-Hookshot/bench\r\n` +
      `x-github-delivery: ${GUID}\r\nx-github-event: ${order.event}\r\nx-github-hook-id: 1\r\n` +
      `x-github-hook-installation-target-id: 1\r\nx-github-hook-installation-target-type: integration\r\n` +
      `x-hub-signature-256: sha256=${SIGNATURE}\r\n\r\n`,
  );
  const guids = createGuids();
  const sign = createSigner(order.secret, shared);
  const guidAt = head.indexOf(GUID);
  const signatureAt = head.indexOf(SIGNATURE);
  return () => {
    const request = Buffer.concat([head, shared, Buffer.from(tail)]);
    const rest = request.subarray(head.length + shared.length);
    const nonceAt = rest.indexOf(GUID);
    return () => {
      const guid = guids();
      request.write(guid, guidAt, "latin1");
      rest.write(guid, nonceAt, "latin1");
      request.write(sign(rest), signatureAt, "latin1");
      return request;
    };
  };
}
