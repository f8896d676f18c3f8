import type { FeedMapping } from '../../contract/publishing.ts';
import type { FeedDocument } from './document.ts';
import type { FeedPart, Format } from './format.ts';
import { invalidFeed } from './invalid-feed.ts';
import type { PageSigns } from './page-signs.ts';
import { problem } from './problem.ts';
import { isUrl } from './resource.ts';

/** At 30 products a page, the smallest page of Shopify, this is 300,000 products. */
export const MOST_PAGES = 10_000;

/** Parameters of an address that request the page behind a cursor. */
const CURSORS = ['after', 'cursor', 'page_info', 'page_token', 'pageToken', 'starting_after'];

/** Set for a feed that is one page of several when the other pages could not be read. */
export interface Paged {
  /** Number of items that were read. */
  items: number;
  /** Total number of items by the feed's own count; null when the feed says only that there are more. */
  total: number | null;
}

/**
 * The parts of a feed, page after page as long as each page says where the next one is: in its `Link` header, or by an
 * address, a cursor or a number beside its items. Further pages are requested only from the feed's own host. When a feed
 * says that there are more pages but not where, the last part describes what is missing.
 * @throws LookalikeError as the format's reading and `openDocument`
 */
export async function* pagesOf(
  format: Format,
  document: FeedDocument,
  mapping: FeedMapping | null,
): AsyncGenerator<FeedPart | { paged: Paged }> {
  const visited = new Set([document.url]);
  let page = document;
  let items = 0;
  for (;;) {
    let signs: PageSigns | 'all' | null = null;
    for await (const part of format.read(page, mapping)) {
      if ('page' in part) signs = part.page;
      else yield part;
    }
    if (signs === 'all') return;
    items += signs?.items ?? 0;
    const next = nextAddress(page, signs);
    if (next === null || visited.has(next)) {
      yield* remainder(page, signs, items);
      return;
    }
    if (visited.size === MOST_PAGES) throw invalidFeed(page.url, { reason: 'pages', most: MOST_PAGES });
    visited.add(next);
    page = await page.open(next);
    yield { furtherPage: page.url };
  }
}

/** The last part of a feed that may be incomplete. */
function* remainder(
  { url, links }: FeedDocument,
  signs: PageSigns | null,
  items: number,
): Generator<FeedPart | { paged: Paged }> {
  const more = signs?.more ?? (links.next === undefined ? null : true);
  const total = signs?.total ?? null;
  const lacks = total !== null && total > items;
  if (more || (more === null && lacks && signs?.full))
    yield { paged: { items, total: lacks ? total : null } };
  // The server's own count may be of sizes or pictures.
  else if (more === null && lacks) {
    yield { problem: problem(url, { code: 'FEED_COUNT_DIFFERS', params: { items, total } }) };
  }
}

/** The address of the next page; null when there is none, or it must not be requested. */
function nextAddress({ url, links }: FeedDocument, signs: PageSigns | null): string | null {
  if (!isUrl(url)) return null;
  const next = new URL(url);
  const address = links.next ?? signs?.next ?? null;
  if (address !== null) return onSameHost(address, next);
  if (!signs?.more) return null;
  const cursor = CURSORS.find((name) => next.searchParams.has(name));
  if (signs.cursor !== null && cursor !== undefined) next.searchParams.set(cursor, signs.cursor);
  else if (signs.number !== null) next.searchParams.set('page', String(signs.number));
  else return null;
  return next.href;
}

/** Corrects the scheme of an address: servers behind a proxy often write their own addresses with the wrong one. */
function onSameHost(address: string, here: URL): string | null {
  if (!URL.canParse(address, here)) return null;
  const next = new URL(address, here);
  if (next.hostname !== here.hostname) return null;
  next.protocol = here.protocol;
  next.port = here.port;
  return next.href;
}
