import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { LookalikeError } from '../../contract/errors.ts';
import type { FeedFormat, FeedMapping, ImportProblem } from '../../contract/publishing.ts';
import { withoutCredentials } from '../net/credentials.ts';
import { type DocumentRequest, type FeedDocument, openDocument } from './document.ts';
import type { FeedPart } from './format.ts';
import { folderItems, isFolder } from './formats/folder.ts';
import { isWebPage } from './formats/schema-org.ts';
import { invalidFeed } from './invalid-feed.ts';
import { type Paged, pagesOf } from './pages.ts';
import { problem } from './problem.ts';
import { type FeedProduct, toProduct } from './product.ts';
import { type DocumentFormat, FORMATS, recogniseFormat } from './recognise.ts';
import { Remarks } from './remarks.ts';
import { isUrl } from './resource.ts';

export interface FeedOptions {
  /** Default: the format is recognised from the document. */
  format?: FeedFormat | null;
  mapping?: FeedMapping | null;
  /** The document's encoding, a label of the WHATWG Encoding Standard. It takes precedence over the declared one. */
  charset?: string | null;
  /** The base URL of pictures that the feed names only by their paths. */
  imageBase?: string | null;
  /** Secrets, sent only to the feed's own host. */
  headers?: Record<string, string>;
  /** The validator of the last read. If it still matches, the feed is "unchanged". */
  validator?: string | null;
  /** Waits for a server that asks to; without it nothing waits. */
  wait?: DocumentRequest['wait'];
  /** The most items to read; default: all. */
  most?: number;
  signal: AbortSignal;
}

/** One item of a feed: a product, with problems about fields that were left out, or only problems. */
export interface FeedItem {
  product: FeedProduct | null;
  problems: ImportProblem[];
}

export interface OpenFeed {
  readonly format: FeedFormat;
  /** Name for the snapshot: the feed's own name once that was read, or the name of its file or site. */
  readonly name: string;
  /** For the next request. Valid once the items have ended; null when they were on several pages. */
  readonly validator: string | null;
  /** Set once the items have ended, when only some of several pages could be read. */
  readonly paged: Paged | null;
  /**
   * The items in order as they arrive. They can be read once; ids are unique. The last one has no product, only the problems
   * that concern the whole feed. Throws the errors of `openFeed`.
   */
  readonly items: AsyncIterable<FeedItem>;
  /** Closes a feed whose items were not read. */
  close(): Promise<void>;
}

/**
 * Opens a feed of any format. A bad item is one problem, and the others are still read. An incomplete document is an error,
 * because it would look like a feed with fewer products.
 * @param ref absolute path of a file or folder, or http(s) URL
 * @throws LookalikeError FEED_UNREACHABLE, FEED_TOO_LARGE, FEED_INVALID, ADDRESS_REFUSED, AUTH_REFUSED, CANCELLED
 */
export async function openFeed(ref: string, options: FeedOptions): Promise<OpenFeed | 'unchanged'> {
  if (!isUrl(ref) && (await isFolder(ref))) return openFolder(ref, options);
  if (options.format === 'folder') throw await notAFolder(ref);
  const { signal, headers = {}, validator = null, imageBase = null } = options;
  const waiting = options.wait && { wait: options.wait };
  const request = { signal, headers, validator, charset: charsetOf(options), imageBase, ...waiting };
  const document = await openDocument(ref, request);
  if (document === 'unchanged') return 'unchanged';
  try {
    return documentFeed(ref, document, options);
  } catch (cause) {
    await document.close();
    throw cause;
  }
}

/** The character set that the admin has chosen; null when the document is to declare it. */
export function charsetOf({ charset, mapping }: FeedOptions): string | null {
  return charset ?? (mapping?.format === 'csv' ? mapping.charset : null);
}

/**
 * The format of a document: the requested one, or the one recognised from its head.
 * @throws LookalikeError FEED_INVALID
 */
export function formatOf(ref: string, document: FeedDocument, options: FeedOptions): DocumentFormat {
  const format = options.format ?? options.mapping?.format ?? recogniseFormat(document);
  if (!format || format === 'folder') throw notAFeed(ref, document.head);
  return format;
}

/** Makes a feed of a document. */
export function documentFeed(ref: string, document: FeedDocument, options: FeedOptions): OpenFeed {
  const format = formatOf(ref, document, options);
  const about: About = { name: feedName(ref), validator: document.validator, paged: null };
  const parts = withGuess(pagesOf(FORMATS[format], document, options.mapping ?? null), ref, document);
  return {
    format,
    get name() {
      return about.name;
    },
    get validator() {
      return about.validator;
    },
    get paged() {
      return about.paged;
    },
    items: itemsOf(parts, pictureBase(document), about, options),
    close: document.close,
  };
}

export function openFolder(folder: string, options: Pick<FeedOptions, 'signal' | 'most'>): OpenFeed {
  const about: About = { name: basename(folder), validator: null, paged: null };
  // A reference in a folder is relative to that folder, as one in a document is relative to the document's folder.
  const items = itemsOf(folderItems(folder), `${folder}/feed`, about, options);
  return { format: 'folder', ...about, items, close: async () => {} };
}

/** The base of relative references to pictures. */
function pictureBase({ url, imageBase }: FeedDocument): string {
  return imageBase === null ? url : `${imageBase.replace(/\/$/, '')}/`;
}

/** The parts of a document, followed by a problem when its character set was guessed. */
async function* withGuess(
  parts: AsyncIterable<FeedPart | { paged: Paged }>,
  ref: string,
  document: FeedDocument,
): AsyncGenerator<FeedPart | { paged: Paged }> {
  yield* parts;
  const charset = document.guessedCharset;
  if (charset === null) return;
  yield { problem: problem(withoutCredentials(ref), { code: 'FEED_CHARSET_GUESSED', params: { charset } }) };
}

/** The properties of a feed that are known only once its items have ended. */
type About = Pick<{ -readonly [Key in keyof OpenFeed]: OpenFeed[Key] }, 'name' | 'validator' | 'paged'>;

/** Makes products with unique ids of the parts of a document. */
async function* itemsOf(
  parts: AsyncIterable<FeedPart | { paged: Paged }>,
  base: string,
  about: About,
  { signal, most = Number.POSITIVE_INFINITY }: Pick<FeedOptions, 'signal' | 'most'>,
): AsyncGenerator<FeedItem> {
  const ids = new Set<string>();
  const skus = new Set<string>();
  const remarks = new Remarks();
  let count = 0;
  let read = 0;
  for await (const part of parts) {
    if (signal.aborted) throw new LookalikeError('CANCELLED');
    if ('feedName' in part) {
      about.name = part.feedName.trim().slice(0, 80) || about.name;
      continue;
    }
    if ('paged' in part) {
      about.paged = part.paged;
      continue;
    }
    // Pages are followed elsewhere (`pages.ts`).
    if ('page' in part) continue;
    if ('furtherPage' in part) {
      about.validator = null;
      continue;
    }
    if ('problem' in part) {
      count++;
      yield { product: null, problems: remarks.take(part.problem) ? [] : [part.problem] };
    } else {
      const { product, problems } = toProduct(part.fields, base, part.place ?? `item ${++count}`);
      yield unique({ product, problems: problems.filter((each) => !remarks.take(each)) }, ids, skus);
    }
    if (++read === most) break;
  }
  yield { product: null, problems: remarks.problems() };
}

/** Of products with one id the first counts. Two products with one SKU are both kept, and reported. */
function unique({ product, problems }: FeedItem, ids: Set<string>, skus: Set<string>): FeedItem {
  if (!product) return { product, problems };
  const { productId, sku } = product;
  if (ids.has(productId)) {
    const duplicate = problem(productId, { code: 'ITEM_DUPLICATE', params: { reason: 'id' } });
    return { product: null, problems: [...problems, duplicate] };
  }
  ids.add(productId);
  if (sku !== productId) {
    if (skus.has(sku)) {
      problems.push(problem(productId, { code: 'ITEM_DUPLICATE', params: { reason: 'sku', sku } }));
    }
    skus.add(sku);
  }
  return { product, problems };
}

/** The error for a path or URL where a folder was expected. */
async function notAFolder(ref: string): Promise<LookalikeError> {
  if (isUrl(ref)) return invalidFeed(ref, { reason: 'address-not-folder' });
  const exists = await stat(ref).then(
    () => true,
    () => false,
  );
  if (exists) return invalidFeed(ref, { reason: 'file-not-folder' });
  const params = { at: ref, reason: { kind: 'no-folder' }, proxy: null } as const;
  return new LookalikeError({ code: 'FEED_UNREACHABLE', params }, { item: ref });
}

function notAFeed(ref: string, head: string): LookalikeError {
  if (head === '') return invalidFeed(ref, { reason: 'empty' });
  if (isWebPage(head)) return invalidFeed(ref, { reason: 'web-page' });
  return invalidFeed(ref, { reason: head.startsWith('<') ? 'other-xml' : 'no-known-format' });
}

/** The name of a feed that has none: the name of its file, or of its folder or site when the file is only called "feed". */
function feedName(ref: string): string {
  const { place, file } = isUrl(ref)
    ? { place: new URL(ref).host, file: decoded(new URL(ref).pathname.split('/').at(-1) ?? '') }
    : { place: basename(dirname(ref)), file: basename(ref) };
  const name = file.replace(/(\.[a-z]+)?(\.gz)?$/i, '');
  return name && name !== 'feed' ? name : place || file;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
