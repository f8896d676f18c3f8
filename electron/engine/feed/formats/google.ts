import { type Fields, listOf } from '../format.ts';
import { plainText } from '../plain-text.ts';

const NAMES: Record<string, string> = {
  id: 'id',
  title: 'title',
  link: 'url',
  availability: 'availability',
  brand: 'brand',
  color: 'color',
  item_group_id: 'groupId',
};
const READ_ELSEWHERE = [
  'image_link',
  'additional_image_link',
  'price',
  'sale_price',
  'product_type',
  'google_product_category',
  'description',
];

/**
 * An item of Google's product data specification, its attributes by their names without "g:", as one of format v1.
 * The price is the one that counts now: `sale_price` within its `sale_price_effective_date`, if it has one.
 */
export function googleItem(raw: Fields): Fields {
  const onSale = raw.sale_price && isNow(raw.sale_price_effective_date);
  const categories = listOf(raw.product_type);
  const rest = Object.entries(raw).filter(([name]) => !(name in NAMES) && !READ_ELSEWHERE.includes(name));
  return {
    ...Object.fromEntries(Object.entries(NAMES).map(([theirs, ours]) => [ours, raw[theirs]])),
    images: [raw.image_link, raw.additional_image_link].flatMap(listOf).filter((ref) => ref !== ''),
    price: onSale ? raw.sale_price : raw.price,
    category: categories[0] || raw.google_product_category,
    attributes: Object.fromEntries(
      [
        ...rest,
        ...(onSale ? [['regular_price', raw.price]] : []),
        ...(categories.length > 1 ? [['product_type', categories]] : []),
        ['description', typeof raw.description === 'string' ? plainText(raw.description) : ''],
      ].filter(([, value]) => value !== '' && value !== undefined),
    ),
  };
}

/** Whether now lies in an interval "2026-02-24T11:07+0100/2026-02-29T23:07+0100"; no interval is always. */
function isNow(interval: unknown): boolean {
  if (typeof interval !== 'string' || interval === '') return true;
  const [from = Number.NaN, to = Number.NaN] = interval.split('/').map((time) => Date.parse(time));
  return from <= Date.now() && Date.now() <= to;
}
