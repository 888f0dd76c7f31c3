# syntax=docker/dockerfile:1
# An album as a page and an API, or a worker that reads photos for it: docs/CLUSTER.md.

FROM node:20-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# No install script runs: that of the runtime would fetch libraries for graphics processors.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run --silent compile
# The tools stay behind, and the libraries of other systems.
RUN npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/onnxruntime-node/bin/napi-v6/darwin node_modules/onnxruntime-node/bin/napi-v6/win32

FROM node:20-bookworm-slim
# Videos are decoded by ffmpeg, names are put into photos by ExifTool.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ffmpeg libimage-exiftool-perl \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/weights ./weights
COPY --from=build /build/dist ./dist
# Whoever runs it owns the volume and nothing else.
RUN mkdir /data && chown 1000:1000 /data
# glibc would leave one heap to each thread, with hundreds of megabytes that are free (mallopt(3)).
ENV NODE_ENV=production WHOSIN_HOME=/data MALLOC_ARENA_MAX=2
# The user `node` of the image.
USER 1000:1000
VOLUME /data
EXPOSE 4180
ENTRYPOINT ["node", "/app/dist/cli/main.js"]
CMD ["serve", "--host", "0.0.0.0", "--no-open", "--log", "json"]
