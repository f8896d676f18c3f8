// A shop's web server for tests: serves a feed and pictures with ETags, and records the requests.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import type { FeedSource } from '../contract/publishing.ts';
import { drawPicture } from './test-catalog.ts';

export interface Shop {
  origin: string;
  /** The URL of `/feed.json`. */
  source: Extract<FeedSource, { kind: 'url' }>;
  /** The products of the feed now; pictures are `<seed>.png`. */
  products: readonly Record<string, unknown>[];
  /** Further files, by path. */
  files: Map<string, Uint8Array>;
  /** Paths that get a 404. */
  missing: Set<string>;
  /** Requests for these paths are cut off. */
  dies: RegExp | null;
  /** "<path> <status>" for each response, in order. */
  answers: string[];
  requests: IncomingMessage[];
}

/** Runs the shop for one test. */
export async function openShop(products: readonly Record<string, unknown>[]): Promise<Shop> {
  const server = createServer((request, response) => {
    answer(shop, request, response).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const origin = `http://127.0.0.1:${address.port}`;
  const source = { kind: 'url', url: `${origin}/feed.json` } as const;
  const shop: Shop = {
    origin,
    source,
    products,
    files: new Map(),
    missing: new Set(),
    dies: null,
    answers: [],
    requests: [],
  };
  return shop;
}

async function answer(shop: Shop, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '/';
  shop.requests.push(request);
  if (shop.dies?.test(path)) {
    request.socket.destroy();
    return;
  }
  const content = shop.missing.has(path) ? null : await contentOf(shop, path);
  const etag = content && `"${createHash('sha256').update(content).digest('hex')}"`;
  const status = !etag ? 404 : request.headers['if-none-match'] === etag ? 304 : 200;
  shop.answers.push(`${path} ${status}`);
  response.writeHead(status, etag ? { etag } : {}).end(status === 200 ? content : undefined);
}

async function contentOf(shop: Shop, path: string): Promise<Uint8Array | null> {
  if (path === '/feed.json') {
    return Buffer.from(JSON.stringify({ version: 1, name: 'Shop', products: shop.products }));
  }
  const seed = /^\/(\d+)\.png$/.exec(path)?.[1];
  return seed === undefined ? (shop.files.get(path) ?? null) : drawPicture(Number(seed));
}
