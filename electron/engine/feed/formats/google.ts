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
  'sale_price_effective_date',
  'product_type',
  'google_product_category',
  'description',
];

/** Converts an item of Google's product data specification to format v1. Its attributes are named without "g:". */
export function googleItem(raw: Fields): Fields {
  const categories = listOf(raw.product_type);
  const rest = Object.entries(raw).filter(([name]) => !(name in NAMES) && !READ_ELSEWHERE.includes(name));
  return {
    ...Object.fromEntries(Object.entries(NAMES).map(([theirs, ours]) => [ours, raw[theirs]])),
    images: [raw.image_link, raw.additional_image_link].flatMap(listOf).filter((ref) => ref !== ''),
    price: raw.price,
    salePrice: raw.sale_price,
    ...interval(raw.sale_price_effective_date),
    stock: raw.quantity ?? raw.inventory,
    category: categories[0] || raw.google_product_category,
    attributes: Object.fromEntries(
      [
        ...rest,
        ...(categories.length > 1 ? [['product_type', categories]] : []),
        ['description', typeof raw.description === 'string' ? plainText(raw.description) : ''],
      ].filter(([, value]) => value !== '' && value !== undefined),
    ),
  };
}

/** The two moments of "2026-02-24T11:07+0100/2026-02-29T23:07+0100". */
function interval(written: unknown): Fields {
  if (written === undefined || written === '') return {};
  const [saleFrom, saleUntil] = String(written).split('/');
  // A single moment is not an interval: an unreadable end is passed on, so that it is reported.
  return { saleFrom, saleUntil: saleUntil ?? 'no end' };
}
