import type { FeedDocument } from './document.ts';
import { type Fields, isRecord } from './format.ts';
import { type JsonValue, jsonValues } from './json.ts';

/** What one page of a feed says about the other pages. */
export interface PageSigns {
  /** Number of items on the page. */
  items: number;
  /** Number of pages: several when someone has joined pages to one list. */
  pages: number;
  /** Whether there are more pages; null when the page does not say. */
  more: boolean | null;
  /** The address of the next page, as written. */
  next: string | null;
  /** The cursor of the next page. */
  cursor: string | null;
  /** The number of the next page. */
  number: number | null;
  /** The total on all pages, of whatever the server counts. */
  total: number | null;
  /** Whether the page has as many items as its server puts on one. Null when the server says nothing about pages. */
  full: boolean | null;
}

/**
 * The members beside a list of items that is one page of several: in GraphQL (`pageInfo`), JSON:API and HAL (`links`,
 * `_links`), Django (`next`, `count`), Laravel (`next_page_url`), Spring (`last`), BigCommerce (`meta.pagination`), Stripe
 * (`has_more`) and others.
 */
const MEMBERS =
  'next next_page nextPage next_page_url nextPageUrl next_url nextUrl next_link nextLink next_cursor nextCursor next_page_token nextPageToken links _links pageInfo page_info pagination paging page pages meta _meta view hydra:view has_more hasMore has_next hasNext has_next_page hasNextPage last number total count total_count totalCount total_items totalItems total_results totalResults total_products totalProducts totalElements total_pages totalPages last_page lastPage current_page currentPage per_page perPage page_size pageSize limit skip offset'.split(
    ' ',
  );
const DEEPEST = 3;

/**
 * Yields the items of a JSON document one by one, and at the end the signs of further pages beside their list.
 * @param selector of the items, `$.data.products.*`; other selected values are passed on as they come
 * @throws LookalikeError as `jsonValues`
 */
export async function* jsonPage(
  { text, url }: Pick<FeedDocument, 'text' | 'url'>,
  selector: string,
  others: string[] = [],
): AsyncGenerator<JsonValue | { page: PageSigns }> {
  const beside = membersBeside(selector);
  const steps = selector.split('.').length - 1;
  // Pages joined to a list: only the last page's signs count, because the others are followed by it.
  const joined = selector.startsWith('$.*.');
  let at: unknown = 0;
  let pages = 1;
  let items = 0;
  let itemsOfPage = 0;
  let members: Fields[] = [];
  for await (const found of jsonValues(text, [selector, ...beside, ...others], url)) {
    const [first] = found.path;
    if (joined && first !== at) {
      at = first;
      pages++;
      itemsOfPage = 0;
      members = [];
    }
    const key = found.path.at(-1);
    // The index of a list names no member. Comparing each item of a long list with all members would take as long as parsing it.
    const isMember = typeof key !== 'number' && beside.some((each) => isAt(each, found.path));
    const isItem = found.path.length === steps && !isMember;
    if (isItem || others.some((each) => isAt(each, found.path))) yield found;
    else members.push({ [String(key)]: found.value });
    if (!isItem) continue;
    items++;
    itemsOfPage++;
  }
  yield { page: { items, pages, ...signsOf(members, itemsOfPage, pages) } };
}

/** Selectors of the members beside the list, and beside the object that contains the list. */
function membersBeside(selector: string): string[] {
  const steps = selector.split('.').slice(0, -1);
  return steps.flatMap((_, depth) => {
    const outer = steps.slice(0, depth + 1);
    const inner = steps[depth + 1];
    // The list itself has no members, and where there are many lists each has its own.
    if (inner === undefined || outer.slice(2).includes('*')) return [];
    return MEMBERS.filter((name) => name !== inner).map((name) => [...outer, name].join('.'));
  });
}

function isAt(selector: string, path: JsonValue['path']): boolean {
  const steps = selector.split('.').slice(1);
  return (
    steps.length === path.length && steps.every((step, index) => step === '*' || step === String(path[index]))
  );
}

function signsOf(members: Fields[], items: number, pages: number): Omit<PageSigns, 'items' | 'pages'> {
  const values = new Map<string, unknown>();
  for (const member of members) for (const [name, value] of flat(member, 0)) values.set(name, value);
  const first = <T>(names: string, is: (value: unknown) => value is T): T | null =>
    names
      .split(' ')
      .map((name) => values.get(name))
      .find(is) ?? null;
  const hasValue = (names: string, value: unknown) =>
    names.split(' ').some((name) => values.has(name) && values.get(name) === value);

  const next = first(NEXT, isAddress);
  const cursor = first(NEXT_CURSOR, isToken);
  const last = first('totalpages lastpage pages', isCount);
  const springs = first('number', isCount);
  const current = first('currentpage page', isCount) ?? (springs === null ? null : springs + 1);
  const following = first('next nextpage', isCount);
  const beforeLast = last === null ? null : (current ?? pages) < last;
  const yes =
    next !== null || cursor !== null || following !== null || hasValue(MORE, true) || hasValue('last', false);
  const no = [NEXT, NEXT_CURSOR].some((names) => [null, '', false].some((none) => hasValue(names, none)));
  const size = first('perpage pagesize limit size', isCount);
  const isPaged = size !== null || current !== null || first('skip offset', isCount) !== null;
  return {
    more:
      yes ||
      beforeLast ||
      (no || hasValue(MORE, false) || hasValue('last', true) || last !== null ? false : null),
    next,
    cursor: cursor ?? first('endcursor', isToken),
    number: following ?? (beforeLast && current !== null ? current + 1 : null),
    total: first(TOTAL, isCount),
    full: isPaged ? size === null || items >= size : null,
  };
}

const NEXT = 'next nextpage nextpageurl nexturl nextlink hydra:next';
const NEXT_CURSOR = 'nextcursor nextpagetoken';
const MORE = 'hasmore hasnext hasnextpage';
const TOTAL = 'total totalcount totalitems totalresults totalproducts totalelements count';

/** Names without case and underscores, with their values. The value of a link is its address. */
function* flat(member: Fields, depth: number): Generator<[string, unknown]> {
  for (const [name, value] of Object.entries(member)) {
    const plain = name.replaceAll('_', '').toLowerCase();
    if (Array.isArray(value)) {
      for (const link of value) if (isRecord(link) && link.rel === 'next') yield ['next', addressIn(link)];
    } else if (!isRecord(value)) yield [plain, value];
    else if (NEXT.split(' ').includes(plain)) yield [plain, addressIn(value)];
    else if (depth < DEEPEST) yield* flat(value, depth + 1);
  }
}

const addressIn = ({ href, url }: Fields): unknown => href ?? url;

const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;

const isToken = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** An address, rather than a date or a title. */
const isAddress = (value: unknown): value is string =>
  typeof value === 'string' && /^(https?:\/\/|\/|\?|[^\s]+\?[^\s]+=)/i.test(value);
