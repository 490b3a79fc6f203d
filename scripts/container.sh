#!/bin/sh
# The command of a container of the image: `api` (by default), `worker`, `migrate`, `move-in`, `re-encrypt`, `operator-token`, or any other.
command=$1
case "$command" in
  api | worker) exec node "/app/dist/apps/$command/src/main.js" ;;
  migrate) exec node /app/dist/apps/api/src/migrate.js ;;
  move-in | re-encrypt | operator-token) shift && exec node "/app/scripts/$command.mjs" "$@" ;;
  *) exec "$@" ;;
esac
