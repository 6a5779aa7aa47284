import { Pool } from "pg";
import { required, serverOptions } from "../serve.js";
import { serveStock } from "./probot-server.js";

// Probot and one INSERT a delivery: as durable as ours, one commit each.
const pool = new Pool({ connectionString: required(serverOptions().databaseUrl), max: 20 });
// Its statistics would be gathered, of every payload's text, while another row has its turn.
await pool.query(
  `CREATE TABLE IF NOT EXISTS bench_deliveries (guid text PRIMARY KEY, event text, payload jsonb)
   WITH (autovacuum_enabled = off)`,
);
const INSERT = "INSERT INTO bench_deliveries (guid, event, payload) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

await serveStock(({ id, name, payload }) =>
  pool.query({ name: "insert", text: INSERT, values: [id, name, JSON.stringify(payload)] }),
);
