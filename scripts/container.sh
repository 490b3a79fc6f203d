#!/bin/sh
# What a container of the image runs: `api` (by default), `worker`, `migrate`, or any other command.
case "$1" in
  api | worker) exec node "/app/dist/apps/$1/src/main.js" ;;
  migrate) exec node /app/dist/apps/api/src/migrate.js ;;
  *) exec "$@" ;;
esac
