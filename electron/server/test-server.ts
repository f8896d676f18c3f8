// A server over the real starter model and a small catalog, shared by the tests of a file.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterAll } from 'vitest';
import type { KnownClient, Scope } from '../contract/serving.ts';
import { makeTemporaryFolder, removeFolder } from '../dev/temporary-folder.ts';
import type { Engine } from '../engine/engine.ts';
import { openEngine } from '../engine/open-engine.ts';
import { createRouter } from '../engine/router.ts';
import { drawInto, MODELS, writeFeed } from '../engine/test-catalog.ts';
import { HttpServer } from './http-server.ts';
import { LIMITS, type ServerLimits } from './limits.ts';
import type { ListenAt } from './listen.ts';

export interface TestServer {
  folder: string;
  engine: Engine;
  server: HttpServer;
  port: number;
  /** The lines of the access log. */
  log: string[];
  /** Names of the clients that have shown their tokens, in order. */
  used: string[];
}

const TOKENS: Record<Scope, string> = {
  search: 'a-token-of-the-tests-for-search',
  embed: 'a-token-of-the-tests-for-embed',
  index: 'a-token-of-the-tests-for-index',
  admin: 'a-token-of-the-tests-for-admin',
};

/** The header with the token of a scope. */
export const as = (scope: Scope) => ({ authorization: `Bearer ${TOKENS[scope]}` });

export const CLIENTS: KnownClient[] = (['search', 'embed', 'index', 'admin'] as const).map((scope) => ({
  id: scope,
  name: `${scope} client`,
  scopes: [scope],
  tokenHash: createHash('sha256').update(TOKENS[scope]).digest('hex'),
}));

/** Imports products with the pictures of the seeds, and serves them. Everything is closed after the file's tests. */
export async function openTestServer(
  products: readonly Record<string, unknown>[],
  seeds: Iterable<number>,
): Promise<TestServer> {
  const folder = await makeTemporaryFolder();
  afterAll(() => removeFolder(folder));
  await drawInto(folder, seeds);
  const dataDir = join(folder, 'data');
  const engine = await openEngine({ dataDir, modelRoots: [MODELS], sampleFeed: '' });
  afterAll(() => engine.close());
  const steps = engine.publisher.sync(
    { source: await writeFeed(folder, products), confirmRemovals: true },
    new AbortController().signal,
  );
  while (!(await steps.next()).done);
  const log: string[] = [];
  const used: string[] = [];
  const server = await serve(engine, { log, used });
  return { folder, engine, server, port: server.port ?? 0, log, used };
}

/** Serves an engine once more, with limits of its own. */
export async function serve(
  engine: Engine,
  {
    limits = {},
    at = { port: null },
    origins = [],
    log = [],
    used = [],
  }: {
    limits?: Partial<ServerLimits>;
    at?: ListenAt;
    origins?: string[];
    log?: string[];
    used?: string[];
  } = {},
): Promise<HttpServer> {
  const server = await HttpServer.start({
    at,
    limits: { ...LIMITS, ...limits },
    log: (line) => log.push(line),
    onUse: ({ name }) => used.push(name),
  });
  afterAll(() => server.close());
  server.engine = createRouterClient(createRouter(engine));
  server.allow(CLIENTS, origins);
  return server;
}
