# The hub as a container: no compiler, no package manager at work, nobody's root.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /vigie
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
# The image has its own node: the one that comes with npm stays behind.
RUN npm run build:dashboard && npm prune --omit=dev --ignore-scripts \
  && rm -rf node_modules/node-linux-* node_modules/node-darwin-* node_modules/.bin

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production NODE_COMPILE_CACHE=/tmp/compiled VIGIE_DATA_DIR=/data
WORKDIR /vigie
COPY --from=build --chown=root:root /vigie/package.json ./
COPY --from=build --chown=root:root /vigie/node_modules ./node_modules
COPY --from=build --chown=root:root /vigie/hub ./hub
COPY --from=build --chown=root:root /vigie/devices ./devices
COPY --from=build --chown=root:root /vigie/docs ./docs
COPY --from=build --chown=root:root /vigie/dashboard/dist ./dashboard/dist
RUN mkdir /data && chown node:node /data && chmod 700 /data
USER node
VOLUME /data
EXPOSE 8883 8443
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/healthz').then(a => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
# npm would stand between the hub and its signals.
CMD ["node", "hub/main.ts"]
