FROM node:24-slim AS build
WORKDIR /build
COPY . .
RUN npm ci --no-audit --no-fund && npm pack

FROM node:24-slim
COPY --from=build /build/token-conformance-*.tgz /tmp/package.tgz
RUN npm install --global --omit=dev --no-audit --no-fund /tmp/package.tgz && rm -rf /tmp/package.tgz /root/.npm
# The target file and what it names are mounted here, and the report is written here.
WORKDIR /work
RUN chown node:node /work
USER node
# Vitest keeps a file in the home folder, which whoever runs this by another --user does not have.
ENV XDG_DATA_HOME=/tmp
ENTRYPOINT ["token-conformance"]
