import { defineConfig } from "prisma/config";

// `prisma generate` would download a schema engine that it does not use; pointing it at any executable avoids the
// download, and gives the same client with and without a network. Migrations are run by `src/store/migrate.ts`.
process.env["PRISMA_SCHEMA_ENGINE_BINARY"] ??= process.execPath;

export default defineConfig({ schema: "prisma/schema.prisma" });
