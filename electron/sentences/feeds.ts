import type { FaultCode, FaultParams } from '../contract/faults.ts';
import type { Sentences } from './sentence.ts';

/** What every front says of a feed and its products. */
export const feeds = {
  FEED_EMPTY: ({ reasons }, say) => {
    const [first, ...others] = reasons;
    if (!first) return 'The feed has no product, so the catalog was left as it was.';
    const counted = ({ code, count, example: { message, params } }: typeof first) =>
      `${count === 1 ? 'Once' : `${count} times`}: ${(params === undefined ? message : say({ code, params })).replace(/\.$/, '')}`;
    const { item, image } = first.example;
    const where = [item, ...(image === null ? [] : [image])].join(', ');
    const more = others.map((reason) => ` ${counted(reason)}.`).join('');
    return `No product of the feed could be used, so the catalog was left as it was. ${counted(first)} (first: ${where}).${more}`;
  },
  ITEM_NOT_PUBLISHED: ({ why, count }) =>
    `${products(count)} left out, because the shop does not show ${count === 1 ? 'it' : 'them'} (${WHY_HIDDEN[why]}).`,
  VALUE_UNKNOWN: ({ field, value, count }) =>
    `${value === null ? 'Further values' : `“${value}”`} as ${FIELDS[field]} ${value === null ? 'were' : 'was'} not understood and left off ${count === 1 ? 'one product' : `${count} products`}.`,
  CURRENCY_UNCLEAR: ({ sign, count }) =>
    `“${sign}” is the sign of several currencies, and nothing says which: ${count === 1 ? 'one price has' : `${count} prices have`} no currency.`,
  SALE_IGNORED: ({ why, count }) =>
    `${count === 1 ? 'One sale price is' : `${count} sale prices are`} ${NO_SALE[why]}, so the regular price counts.`,
  FEED_PAGED: ({ items, total }) =>
    `The feed is one page of several: it holds ${entries(items)} and says that there are ${total === null ? 'more' : total}. The catalog was left as it was. Give the address of the whole catalog, or join all pages in one file.`,
  FEED_COUNT_DIFFERS: ({ items, total }) =>
    `The feed holds ${entries(items)} and names the number ${total}. If that is how many products there are, some are missing.`,
  VARIANTS_CUT: ({ count }) =>
    `${count === 1 ? 'One product has' : `${count} products have`} more variants than the feed holds; those are missing. Ask for more variants of each product when you export the feed.`,
  FAMILY_TOO_FAR: ({ count }) =>
    `${products(count)} left out, because they stand too far from the product that they are variations of. Export the shop in several files, or sorted so that variations follow their product.`,
} satisfies Partial<Sentences<FaultCode>>;

const entries = (count: number): string => (count === 1 ? 'one entry' : `${count} entries`);

/** "12 products were", for a sentence that goes on with what happened to them. */
export const products = (count: number): string =>
  count === 1 ? 'One product was' : `${count} products were`;

const WHY_HIDDEN: Record<FaultParams['ITEM_NOT_PUBLISHED']['why'], string> = {
  draft: 'draft',
  archived: 'archived',
  private: 'private',
  unpublished: 'not published',
};

const FIELDS: Record<FaultParams['VALUE_UNKNOWN']['field'], string> = {
  availability: 'availability',
  price: 'price',
  salePrice: 'sale price',
  currency: 'currency',
};

const NO_SALE: Record<FaultParams['SALE_IGNORED']['why'], string> = {
  'above-price': 'above the regular price',
  'other-currency': 'in another currency than the product',
  dates: 'limited to dates that were not understood',
};
