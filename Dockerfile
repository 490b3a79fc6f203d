FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# The packages for providers elsewhere stay out: their peers would keep Jest in the image.
COPY libs/crm-client/package.json libs/crm-client/
COPY scripts/sbom.mjs scripts/
# TypeScript is a peer of @nestjs/swagger, whose compiler plugin alone loads it; fast-check is a peer of the suites; the docs are shown by
# Redoc, not Swagger UI. Types and source maps are not read: Node runs without --enable-source-maps. npm's own list would name what is
# removed here.
RUN npm ci --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/@crossdock node_modules/typescript node_modules/.bin/tsc node_modules/.bin/tsserver \
    node_modules/swagger-ui-dist node_modules/fast-check node_modules/pure-rand \
  && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete \
  && node scripts/sbom.mjs > sbom.cdx.json \
  && rm node_modules/.package-lock.json

# Compiled code is the same for all processors, so it is built on the builder's own.
FROM --platform=$BUILDPLATFORM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY libs/crm-client/package.json libs/crm-client/
RUN npm ci --include=dev --no-audit --no-fund
COPY . .
RUN npm run build \
  && rm -f dist/.tsbuildinfo* \
  && find dist -type f \( -name '*.map' -o -name '*.d.ts' \) -delete

FROM node:24-slim
ENV NODE_ENV=production PORT=3000
WORKDIR /app
COPY --from=packages /app/package.json /app/sbom.cdx.json ./
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# `move-in`, `re-encrypt` and `operator-token`, with what they import.
COPY --from=build /app/scripts/move-in.mjs /app/scripts/re-encrypt.mjs /app/scripts/operator-token.mjs /app/scripts/environment.mjs \
  /app/scripts/processes.mjs /app/scripts/project.mjs ./scripts/
COPY --from=build /app/scripts/container.sh /usr/local/bin/crossdock
# docker build --build-arg COMMIT=$(git rev-parse --short HEAD) --build-arg VERSION=... --build-arg SOURCE=... .
ARG COMMIT=unknown
ARG VERSION=unknown
ARG SOURCE=unknown
ENV COMMIT=$COMMIT
LABEL org.opencontainers.image.title=Crossdock org.opencontainers.image.licenses=MIT \
  org.opencontainers.image.source=$SOURCE org.opencontainers.image.version=$VERSION org.opencontainers.image.revision=$COMMIT
# `node`, as a number: Kubernetes' runAsNonRoot does not look names up.
USER 1000
EXPOSE 3000
# Of the api; whoever runs the worker asks its WORKER_PORT instead (see docker-compose.yml).
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["crossdock"]
CMD ["api"]
