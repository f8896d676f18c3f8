import type { FaultCode, FaultParams } from '../contract/faults.ts';
import type { Sentences } from './sentence.ts';
import { systemReason } from './system-reason.ts';

/** Sentences about a feed and its products. */
export const feeds = {
  FEED_EMPTY: ({ reasons }, say) => {
    const [first, ...others] = reasons;
    if (!first) return 'The feed has no product, so the catalog was left as it was.';
    const counted = ({ code, count, example: { params } }: typeof first) =>
      `${count === 1 ? 'Once' : `${count} times`}: ${say({ code, params }).replace(/\.$/, '')}`;
    const { item, image } = first.example;
    const where = [item, ...(image === null ? [] : [image])].join(', ');
    const more = others.map((reason) => ` ${counted(reason)}.`).join('');
    return `No product of the feed could be used, so the catalog was left as it was. ${counted(first)} (first: ${where}).${more}`;
  },
  FEED_INVALID: (params) => invalidFeed(params),
  ITEM_INVALID: (params) => invalidItem(params),
  ITEM_DUPLICATE: (params) =>
    params.reason === 'id'
      ? 'This id was used before in the same feed; the first product counts.'
      : `Its SKU “${params.sku}” was used before in the same feed; both products are kept.`,
  ITEM_NOT_PUBLISHED: ({ reason, count }) =>
    `${products(count)} left out, because the shop does not show ${count === 1 ? 'it' : 'them'} (${WHY_HIDDEN[reason]}).`,
  VALUE_UNKNOWN: ({ field, value, count }) =>
    `${value === null ? 'Further values' : `“${value}”`} as ${FIELDS[field]} ${value === null ? 'were' : 'was'} not understood and left off ${count === 1 ? 'one product' : `${count} products`}.`,
  CURRENCY_UNCLEAR: ({ sign, count }) =>
    `“${sign}” is the sign of several currencies, and the feed does not say which: ${count === 1 ? 'one price has' : `${count} prices have`} no currency.`,
  SALE_IGNORED: ({ reason, count }) =>
    `${count === 1 ? 'One sale price is' : `${count} sale prices are`} ${NO_SALE[reason]}, so the regular price counts.`,
  FEED_PAGED: ({ items, total }) =>
    `The feed is one page of several: it holds ${entries(items)} and says that there are ${total === null ? 'more' : total}. The catalog was left as it was. Give the address of the whole catalog, or join all pages in one file.`,
  SOURCE_LOST: ({ name, products }) =>
    `The damaged catalog also had ${products} products of "${name}". They are missing now: sync that source too.`,
  FEED_COUNT_DIFFERS: ({ items, total }) =>
    `The feed holds ${entries(items)} and names the number ${total}. If that is how many products there are, some are missing.`,
  VARIANTS_CUT: ({ count }) =>
    `${count === 1 ? 'One product has' : `${count} products have`} more variants than the feed holds; those are missing. Ask for more variants of each product when you export the feed.`,
  FAMILY_TOO_FAR: ({ count }) =>
    `${products(count)} left out, because their rows are too far from the row of their product. Export the shop in several files, or sorted so that variations follow their product.`,
} satisfies Partial<Sentences<FaultCode>>;

const entries = (count: number): string => (count === 1 ? 'one entry' : `${count} entries`);

/** "12 products were", the beginning of a sentence. */
export const products = (count: number): string =>
  count === 1 ? 'One product was' : `${count} products were`;

const WHY_HIDDEN: Record<FaultParams['ITEM_NOT_PUBLISHED']['reason'], string> = {
  draft: 'draft',
  archived: 'archived',
  private: 'private',
  unpublished: 'not published',
};

type ItemField = Extract<FaultParams['ITEM_INVALID'], { reason: 'value' }>['field'];
type RequiredField = Extract<FaultParams['ITEM_INVALID'], { reason: 'missing' }>['fields'][number];

const FIELDS: Record<FaultParams['VALUE_UNKNOWN']['field'] | ItemField | RequiredField, string> = {
  id: 'id',
  title: 'title',
  images: 'picture',
  availability: 'availability',
  price: 'price',
  salePrice: 'sale price',
  currency: 'currency',
  sku: 'SKU',
  category: 'category',
  brand: 'brand',
  color: 'colour',
  url: 'web address',
  groupId: 'group',
  size: 'size',
  attributes: 'list of attributes',
};

const NO_SALE: Record<FaultParams['SALE_IGNORED']['reason'], string> = {
  'above-price': 'above the regular price',
  'other-currency': 'in another currency than the product',
  dates: 'limited to dates that were not understood',
};

const AGAIN = 'Export or download it again.';

function invalidFeed(params: FaultParams['FEED_INVALID']): string {
  switch (params.reason) {
    case 'empty':
      return `The feed is empty. ${AGAIN}`;
    case 'address-not-folder':
      return 'This is a web address. A folder of pictures has to be on this computer or its network.';
    case 'file-not-folder':
      return 'This is a file, not a folder of pictures. Choose the folder.';
    case 'web-page':
      return 'This is a web page, not a feed. Does the address ask for a log-in? Open it in a browser to see.';
    case 'other-xml':
      return 'This is XML, but neither RSS nor Atom with products. Export the products as a Google feed, or as CSV.';
    case 'no-known-format':
      return 'This is not a catalog feed: it is neither JSON nor XML nor a table with a header. Export the products as CSV, or choose another file.';
    case 'archive':
      return 'This is a spreadsheet or a ZIP archive. Save the table as CSV (UTF-8) and use that.';
    case 'charset-unknown':
      return `The feed is in the character set “${params.charset}”, which this app does not know. Export it as UTF-8.`;
    case 'charset-wrong':
      return `The feed is not text in ${params.charset.toUpperCase()}. Say which character set it is in.`;
    case 'no-products':
      return 'This is not a catalog feed: it has no list of “products”.';
    case 'no-products-on-page':
      return `Page ${params.page} of the feed has no list of “products”.`;
    case 'pages':
      return `The feed has more than ${params.most} pages. Export it as one file.`;
    case 'version':
      return `Version ${params.version} of the format is not known to this app. Install the latest Lookalike.`;
    case 'no-header':
    case 'table-damaged':
    case 'quote-unclosed':
    case 'columns-unknown':
    case 'columns-gone':
      return invalidTable(params);
    case 'no-mapping':
    case 'mapping-incomplete':
    case 'mapping-elsewhere':
    case 'mapping-path':
    case 'mapping-step':
      return invalidMapping(params);
    default:
      return damagedFeed(params);
  }
}

type FeedReason = FaultParams['FEED_INVALID']['reason'];
type FeedBy<Reason extends FeedReason> = Extract<FaultParams['FEED_INVALID'], { reason: Reason }>;

function invalidTable(
  params: FeedBy<'no-header' | 'table-damaged' | 'quote-unclosed' | 'columns-unknown' | 'columns-gone'>,
): string {
  switch (params.reason) {
    case 'no-header':
      return 'The feed does not begin with a header that names its columns. Put their names in its first line.';
    case 'table-damaged':
      return `The table cannot be read: ${params.said.replace(/\.$/, '')}. ${AGAIN}`;
    case 'quote-unclosed':
      return `The table cannot be read: a quotation mark that opens a cell is never closed. ${AGAIN}`;
    case 'columns-unknown': {
      const maybe = params.maybe.map(({ column, field }) => ` “${column}” may be ${field}.`).join('');
      return `No column is known for ${params.fields.join(' and ')}. The columns are: ${params.columns.join(', ')}.${maybe} Say which column is which.`;
    }
    case 'columns-gone':
      return `The feed has no column ${params.columns.map((column) => `“${column}”`).join(', ')} any more. Choose its columns again.`;
  }
}

function invalidMapping(
  params: FeedBy<'no-mapping' | 'mapping-incomplete' | 'mapping-elsewhere' | 'mapping-path' | 'mapping-step'>,
): string {
  switch (params.reason) {
    case 'no-mapping':
      return 'This is not a known catalog feed: say where its items and fields are.';
    case 'mapping-incomplete':
      return `The mapping has no path for ${params.fields.join(' and ')}.`;
    case 'mapping-elsewhere':
      return 'The feed has nothing where the mapping says that its items are. Correct the path of the items.';
    case 'mapping-path':
      return `The mapping has a path that cannot be read: ${params.path}`;
    case 'mapping-step':
      return `The path of the items cannot go through “${params.step}”.`;
  }
}

function damagedFeed(
  params: FeedBy<
    | 'line-cut'
    | 'line-long'
    | 'item-endless'
    | 'xml-cut'
    | 'xml-damaged'
    | 'json-cut'
    | 'json-damaged'
    | 'page-cut'
    | 'page-damaged'
    | 'page-long'
  >,
): string {
  switch (params.reason) {
    case 'line-cut':
      return `The feed breaks off in line ${params.line}. ${AGAIN}`;
    case 'line-long':
      return `Line ${params.line} of the feed is longer than ${millions(params.most)} characters. Is this a feed of products?`;
    case 'item-endless':
      return `More than ${millions(params.most)} characters of the feed hold no complete product. Is this a feed of products?`;
    case 'xml-cut':
      return `The feed is not complete XML: it ends inside <${params.element}>. ${AGAIN}`;
    case 'xml-damaged': {
      const what = params.line === null ? params.said : `line ${params.line} has an error (${params.said})`;
      return `The feed is not complete XML: ${what}. ${AGAIN}`;
    }
    case 'json-cut':
      return `The feed is not complete JSON: it breaks off ${afterProducts(params.products)}. ${AGAIN}`;
    case 'json-damaged':
      return `The feed is not complete JSON: it has a mistake ${afterProducts(params.products)}. ${AGAIN}`;
    case 'page-cut':
      return 'The web page breaks off in its JSON-LD. Try again.';
    case 'page-damaged':
      return 'The JSON-LD of the web page is not complete JSON.';
    case 'page-long':
      return `The web page is longer than ${millions(params.most)} characters.`;
  }
}

const millions = (characters: number): string => `${characters / 1e6} million`;

const afterProducts = (complete: number): string => {
  if (complete === 0) return 'before its first product is complete';
  return complete === 1 ? 'after 1 product' : `after ${complete} products`;
};

function invalidItem(params: FaultParams['ITEM_INVALID']): string {
  switch (params.reason) {
    case 'no-fields':
      return 'This item is not an object with fields, so it was left out.';
    case 'too-deep':
      return `It holds a value that is nested more than ${params.most} levels deep, so it was left out.`;
    case 'missing':
      return `It has no usable ${params.fields.map((field) => FIELDS[field]).join(' and no usable ')}, so it was left out.`;
    case 'no-variants':
      return 'It has no variants, so it was left out.';
    case 'columns':
      return `This line has ${params.columns} columns and the header ${params.header}, so it was left out.`;
    case 'line-damaged':
      return 'This line is not complete JSON, so it was left out.';
    case 'not-a-picture':
      return 'This file is not a picture, so it was left out.';
    case 'unreadable':
      return `It could not be read, and what is in it is left out: ${systemReason(params.said)}.`;
    case 'value':
      return `Its ${FIELDS[params.field]} ${params.value} was not understood and was left out.`;
    case 'other-currency':
      return `Its price ${params.value} is not in the currency of the product, ${params.currency}, and was left out.`;
    case 'too-long':
      return `Its ${params.field} is too long and was left out.`;
    case 'too-many-images':
      return `It has ${params.images} pictures; the first ${params.most} count.`;
    case 'more':
      return `It has ${params.more} more problems of these kinds.`;
  }
}
