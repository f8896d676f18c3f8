import type { FeedMapping } from '../../contract/publishing.ts';
import type { FeedDocument } from './document.ts';
import type { FeedPart, Format } from './format.ts';
import { invalidFeed } from './invalid-feed.ts';
import type { PageSigns } from './page-signs.ts';
import { problem } from './problem.ts';
import { isUrl } from './resource.ts';

/** At 30 products a page, the fewest Shopify answers with, this is 300,000 products. */
export const MOST_PAGES = 10_000;

/** Parameters of an address that ask for the page behind a cursor. */
const CURSORS = ['after', 'cursor', 'page_info', 'page_token', 'pageToken', 'starting_after'];

/** What is known of a feed that is one page of several, of which the others could not be had. */
export interface Paged {
  /** How many items were read. */
  items: number;
  /** How many there are, as the feed says; null when it says only that there are more. */
  total: number | null;
}

/**
 * The parts of a feed, page after page for as long as it says where the next one is: in its `Link` header, or by an
 * address, a cursor or a number beside its items. Other pages are asked of the feed's own host alone. A feed that says that
 * there are more and not where ends with what is known of it.
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

/** What there is to say at the end of a feed that may not be all of it. */
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
  // What a server counts by itself may be sizes or pictures.
  else if (more === null && lacks) {
    yield { problem: problem(url, { code: 'FEED_COUNT_DIFFERS', params: { items, total } }) };
  }
}

/** Address of the next page; null when there is none, or none that can be asked for. */
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

/** Servers behind a proxy write their own addresses with the wrong scheme. */
function onSameHost(address: string, here: URL): string | null {
  if (!URL.canParse(address, here)) return null;
  const next = new URL(address, here);
  if (next.hostname !== here.hostname) return null;
  next.protocol = here.protocol;
  next.port = here.port;
  return next.href;
}
