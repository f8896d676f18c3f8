// Shared by the tests of feeds: documents in folders and on servers, and reading them to their end.
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ImportProblem } from '../../contract/publishing.ts';
import { makeTemporaryFolder, removeFolder } from '../../dev/temporary-folder.ts';
import { type FeedOptions, openFeed } from './feed.ts';
import type { FeedProduct } from './product.ts';

export const never = new AbortController().signal;

/** A folder that is deleted after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await makeTemporaryFolder();
  onTestFinished(() => removeFolder(folder));
  return folder;
}

/** The address of a server on this machine that is closed after the test. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

/** Reads a feed to its end. */
export async function readAll(ref: string, options: Partial<FeedOptions> = {}) {
  const feed = await openFeed(ref, { signal: never, ...options });
  if (feed === 'unchanged') throw new Error('unchanged');
  const products: FeedProduct[] = [];
  const problems: ImportProblem[] = [];
  for await (const item of feed.items) {
    if (item.product) products.push(item.product);
    problems.push(...item.problems);
  }
  const { format, name, validator, paged } = feed;
  return { format, name, validator, paged, products, problems };
}

/** Writes a document and reads it as a feed. */
export async function readText(
  content: string | Uint8Array,
  options: Partial<FeedOptions> & { fileName?: string } = {},
) {
  const folder = await temporaryFolder();
  const path = join(folder, options.fileName ?? 'feed.json');
  await writeFile(path, content);
  return { folder, path, ...(await readAll(path, options)) };
}

export const ids = (products: readonly FeedProduct[]): string[] => products.map(({ productId }) => productId);
