import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { LookalikeError } from '../../contract/errors.ts';
import type { ImportProblem } from '../../contract/schemas.ts';
import { type FeedProduct, problem, toProduct } from './product.ts';
import { isUrl, readResource } from './resource.ts';

/** Documents are parsed in memory; this is well below what V8 can hold in one string. */
const MAX_BYTES = 256_000_000;
const TIMEOUT_MS = 300_000;

export interface Feed {
  /** What to call the snapshot: the feed's own name, or its file's or site's. */
  name: string;
  /** Every usable product, ids unique. */
  products: FeedProduct[];
  /** What was left out or left off, item by item. */
  problems: ImportProblem[];
}

const documentV1 = z.object({
  version: z.literal(1, 'This version of the format is not known to this app.').optional(),
  name: z.string().trim().min(1).max(80).optional().catch(undefined),
  products: z.array(z.unknown()),
});

/**
 * Reads and normalises a whole feed: format v1 (`{ "version": 1, "products": [...] }`), a bare list of its products,
 * or one product a line (NDJSON). One bad item is one problem and costs nothing else.
 * @param ref absolute path or http(s) URL
 * @throws LookalikeError FEED_UNREACHABLE, FEED_TOO_LARGE, FEED_INVALID, CANCELLED
 */
export async function readFeed(ref: string, signal: AbortSignal): Promise<Feed> {
  const resource = await readResource(ref, {
    maxBytes: MAX_BYTES,
    timeoutMs: TIMEOUT_MS,
    errors: { unreachable: 'FEED_UNREACHABLE', tooLarge: 'FEED_TOO_LARGE' },
    signal,
    ...(isUrl(ref) ? { feedHost: new URL(ref).host } : {}),
  });
  // No validator was given, so the answer cannot be "unchanged".
  if (resource === 'unchanged') throw new LookalikeError('FEED_UNREACHABLE', { item: ref });
  const { name, items, problems } = parseDocument(resource.bytes, ref);
  const products = new Map<string, FeedProduct>();
  items.forEach((item, index) => {
    const read = toProduct(item, ref, index + 1);
    problems.push(...read.problems);
    if (!read.product) return;
    if (products.has(read.product.productId)) {
      const message = 'This id was used before in the same feed; the first one counts.';
      problems.push(problem(read.product.productId, 'ITEM_DUPLICATE', message));
    } else {
      products.set(read.product.productId, read.product);
    }
  });
  return { name: name ?? feedName(ref), products: [...products.values()], problems };
}

interface Document {
  name: string | undefined;
  items: unknown[];
  problems: ImportProblem[];
}

function parseDocument(bytes: Uint8Array, ref: string): Document {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim();
  } catch (cause) {
    throw new LookalikeError('FEED_INVALID', { detail: 'The feed is not text in UTF-8.', item: ref, cause });
  }
  if (text.startsWith('<')) {
    throw new LookalikeError('FEED_INVALID', {
      detail: 'This is a web page or XML, not a JSON feed.',
      item: ref,
    });
  }
  const lines = text.split('\n');
  if (lines.length > 1 && isItemLine(lines[0] ?? '')) return parseLines(lines);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    const detail = `The feed is not complete JSON (${cause instanceof Error ? cause.message : String(cause)}).`;
    throw new LookalikeError('FEED_INVALID', { detail, item: ref, cause });
  }
  if (Array.isArray(document)) return { name: undefined, items: document, problems: [] };
  const parsed = documentV1.safeParse(document);
  // A feed of one product, on one line.
  if (!parsed.success && isItem(document)) return { name: undefined, items: [document], problems: [] };
  if (!parsed.success) {
    const detail = `This is not a catalog feed: ${z.prettifyError(parsed.error)}`;
    throw new LookalikeError('FEED_INVALID', { detail, item: ref });
  }
  return { name: parsed.data.name, items: parsed.data.products, problems: [] };
}

function parseLines(lines: string[]): Document {
  const items: unknown[] = [];
  const problems: ImportProblem[] = [];
  lines.forEach((line, index) => {
    if (line.trim() === '') return;
    try {
      items.push(JSON.parse(line));
    } catch {
      problems.push(problem(`line ${index + 1}`, 'ITEM_INVALID', 'This line is not complete JSON.'));
    }
  });
  return { name: undefined, items, problems };
}

/** An object on one line, so that a document cut off after a line is not taken for NDJSON. */
function isItemLine(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) && !('products' in value);
  } catch {
    return false;
  }
}

const isItem = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'id' in value && !('products' in value);

/** What a feed without a name is called: after its file, or its folder or site when the file is only called "feed". */
function feedName(ref: string): string {
  const { place, file } = isUrl(ref)
    ? { place: new URL(ref).host, file: decoded(new URL(ref).pathname.split('/').at(-1) ?? '') }
    : { place: basename(dirname(ref)), file: basename(ref) };
  const name = file.replace(/\.[a-z]+$/i, '');
  return name && name !== 'feed' ? name : place || file;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
