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
  /** Recognised by itself when it is not given. */
  format?: FeedFormat | null;
  mapping?: FeedMapping | null;
  /** The document's encoding, whatever it says of itself: a label of the WHATWG Encoding Standard. */
  charset?: string | null;
  /** The web address that pictures stand under which the feed names by their paths alone. */
  imageBase?: string | null;
  /** Secrets, sent to the feed's own host alone. */
  headers?: Record<string, string>;
  /** That of last time, to be told when nothing has changed since. */
  validator?: string | null;
  /** Waits for a server that asks to be left alone; nothing waits when it is not given. */
  wait?: DocumentRequest['wait'];
  /** How many items are read at most; all of them when it is not given. */
  most?: number;
  signal: AbortSignal;
}

/** One item of a feed: a product, or what kept it from being one, or a product with what was left off it. */
export interface FeedItem {
  product: FeedProduct | null;
  problems: ImportProblem[];
}

export interface OpenFeed {
  readonly format: FeedFormat;
  /** What to call the snapshot: the feed's own name, once that was read, or its file's or site's. */
  readonly name: string;
  /** To ask next time whether it has changed; to be taken when the items have ended: null if they were on several pages. */
  readonly validator: string | null;
  /** There once the items have ended, when they are one page of several. */
  readonly paged: Paged | null;
  /**
   * One after the other as they arrive, to be read once; ids are unique. The last one has no product but the problems
   * that are said once of the whole feed. Fails as `openFeed` does.
   */
  readonly items: AsyncIterable<FeedItem>;
  /** Lets go of a feed whose items were not begun. */
  close(): Promise<void>;
}

/**
 * Opens a feed of any format. One bad item is one problem and costs nothing else; a document that is not whole is an
 * error, because it would look like a feed with fewer products.
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

/** The character set that a person has named; null when the document is to say it. */
export function charsetOf({ charset, mapping }: FeedOptions): string | null {
  return charset ?? (mapping?.format === 'csv' ? mapping.charset : null);
}

/**
 * What the document is to be read as: what was asked for, or what it looks like.
 * @throws LookalikeError FEED_INVALID
 */
export function formatOf(ref: string, document: FeedDocument, options: FeedOptions): DocumentFormat {
  const format = options.format ?? options.mapping?.format ?? recogniseFormat(document);
  if (!format || format === 'folder') throw notAFeed(ref, document.head);
  return format;
}

/** The feed that a document is. */
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
  // A reference within a folder is relative to it, as one within a document is to the document's folder.
  const items = itemsOf(folderItems(folder), `${folder}/feed`, about, options);
  return { format: 'folder', ...about, items, close: async () => {} };
}

/** What relative references to pictures are relative to. */
function pictureBase({ url, imageBase }: FeedDocument): string {
  return imageBase === null ? url : `${imageBase.replace(/\/$/, '')}/`;
}

/** The parts of a document, and at their end that its character set was guessed, if it was. */
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

/** What is known of a feed only once its items have ended. */
type About = Pick<{ -readonly [Key in keyof OpenFeed]: OpenFeed[Key] }, 'name' | 'validator' | 'paged'>;

/** Parts of a document as products with ids of their own. */
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
    // A page's signs are read where pages are followed.
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

/** Of products with one id the first counts; two with one SKU are both kept, and named. */
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

/** What is to be said of a path, or an address, at which a folder was expected. */
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

/** What a feed without a name is called: after its file, or its folder or site when the file is only called "feed". */
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
