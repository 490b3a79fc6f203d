#!/bin/sh
# What a container of the image runs: `api` (by default), `worker`, `migrate`, or any other command.
case "$1" in
  # Why it has this flag: docs/operating.md, "Memory". What NODE_OPTIONS says comes later, and wins.
  api) NODE_OPTIONS="--max-semi-space-size=64 ${NODE_OPTIONS:-}" exec node /app/dist/apps/api/src/main.js ;;
  worker) exec node /app/dist/apps/worker/src/main.js ;;
  migrate) exec node /app/dist/apps/api/src/migrate.js ;;
  *) exec "$@" ;;
esac
