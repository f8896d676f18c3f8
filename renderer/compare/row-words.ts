import type {
  ComparedProduct,
  ComparisonRow,
  RowChange,
  RowSource,
} from '../../electron/contract/compare.ts';
import { positionOf, statedPrice } from '../../electron/contract/price-position.ts';
import { formatPrice } from '../ui/format.ts';

/** What comparing again has changed for a row. */
export const CHANGE_WORDS: Record<RowChange, string> = {
  gone: 'no longer in the catalog',
  better: 'a better candidate',
};

/** The last part of a path or address, which is what people know a picture by. */
function lastPart(name: string): string {
  const parts = name.split('/').filter((part) => part !== '');
  return parts.at(-1) ?? name;
}

function titleOf({ name, facts }: RowSource): string {
  return facts?.title ?? lastPart(name);
}

/** What a row is called: the title that its list gives it, or its file's name. */
export function rowName({ sources }: ComparisonRow): string {
  return sources[0] ? titleOf(sources[0]) : 'Picture';
}

/** What else is known of a row's product: SKU, brand, price, and in how many places its picture was. */
export function rowFactsInWords({ sources }: ComparisonRow): string {
  const [first] = sources;
  const facts = first?.facts;
  const price = facts?.price != null ? formatPrice(facts.price, facts.currency) : null;
  const parts = [facts?.competitor, facts?.brand, facts?.sku, price];
  if (facts?.title && first) parts.push(lastPart(first.name));
  if (sources.length > 1) parts.push(`${sources.length} copies`);
  // A competitor's own brand is named once.
  return [...new Set(parts.filter((part) => part))].join(' · ');
}

/** All places that a row's picture came from, for a tooltip. */
export function rowPlaces({ sources }: ComparisonRow): string {
  return sources.map(({ name, line }) => (line === null ? name : `${name} (line ${line})`)).join('\n');
}

const SIGNED = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1, signDisplay: 'exceptZero' });

/** A difference in per cent: "+12.5 %", "−8 %". */
export function formatDifference(percent: number): string {
  return `${SIGNED.format(percent).replace('-', '−')} %`;
}

/** How our price stands to theirs: "€10 dearer (+12.5 %)"; null where the two cannot be compared. */
export function positionInWords({ sources }: ComparisonRow, product: ComparedProduct): string | null {
  const position = positionOf(product, statedPrice(sources));
  if (!position) return null;
  const { difference, percent, currency } = position;
  if (difference === 0) return 'the same price';
  const words = `${formatPrice(Math.abs(difference), currency)} ${difference > 0 ? 'dearer' : 'cheaper'}`;
  return percent === null ? words : `${words} (${formatDifference(percent)})`;
}
