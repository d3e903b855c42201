# One image definition for every service: docker build --build-arg SERVICE=catalog .
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY bench/package.json bench/package.json
COPY e2e/package.json e2e/package.json
COPY packages/boot/package.json packages/boot/package.json
COPY packages/bus/package.json packages/bus/package.json
COPY packages/cli/package.json packages/cli/package.json
COPY packages/contracts/package.json packages/contracts/package.json
COPY packages/egress/package.json packages/egress/package.json
COPY packages/local/package.json packages/local/package.json
COPY packages/storage/package.json packages/storage/package.json
COPY services/catalog/package.json services/catalog/package.json
COPY services/connections/package.json services/connections/package.json
COPY services/executor/package.json services/executor/package.json
COPY services/gateway/package.json services/gateway/package.json
COPY services/policy/package.json services/policy/package.json
COPY web/package.json web/package.json
RUN npm install --no-save --omit=dev --no-audit --no-fund --loglevel=error
# What changes often comes after what takes long.
COPY packages packages
COPY services services
COPY web web
COPY tools tools
COPY tsconfig.base.json ./
RUN node tools/prisma.ts generate \
 && (cd web && node ../node_modules/vite/bin/vite.js build --logLevel warn) \
 && node tools/bundle.ts --image

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/dist ./dist
COPY --from=build /app/dist/node_modules ./node_modules
COPY --from=build /app/web/build ./web/build
COPY infra/setup ./infra/setup
ARG SERVICE
ENV EXECUTOR_SERVICE=${SERVICE}
USER node
STOPSIGNAL SIGTERM
CMD ["sh", "-c", "exec node --enable-source-maps --env-file-if-exists=/run/executor/env dist/services/$EXECUTOR_SERVICE.mjs"]
