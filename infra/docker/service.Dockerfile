# One image definition for every service: docker build --build-arg SERVICE=catalog .
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages packages
COPY services services
COPY web web
COPY tools tools
COPY tsconfig.base.json ./
# The workspaces that are not in the image must still be named to npm.
COPY e2e/package.json e2e/package.json
COPY bench/package.json bench/package.json
RUN npm install --no-save --omit=dev --no-audit --no-fund --loglevel=error \
 && node tools/prisma.ts generate \
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
