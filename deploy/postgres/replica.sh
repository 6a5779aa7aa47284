#!/bin/sh
# Copies the primary into an empty data directory, then follows it.
set -eu
PGDATA=/var/lib/postgresql/data
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  chmod 700 "$PGDATA"
  pg_basebackup -h postgres -U replication -D "$PGDATA" -S replica -R -X stream -c fast
fi
exec postgres -D "$PGDATA" -c hot_standby=on -c hot_standby_feedback=on -c max_connections=200
