import type { CurrencyPrices, PriceSpan } from '../../../electron/contract/compare-tells.ts';
import { formatCount, formatPrice } from '../../ui/format.ts';
import { formatDifference } from '../row-words.ts';

interface SpanCellsProps {
  span: PriceSpan | null;
  currency: string | null;
  of: string;
}

function SpanCells({ span, currency, of }: SpanCellsProps) {
  if (!span) return <td colSpan={4} className="matrix-none">{`None of ${of}`}</td>;
  const { count, entry, median, exit } = span;
  return (
    <>
      <td>{formatCount(count)}</td>
      <td>{formatPrice(entry, currency)}</td>
      <td className="matrix-median">{formatPrice(median, currency)}</td>
      <td>{formatPrice(exit, currency)}</td>
    </>
  );
}

interface LineProps {
  name: string;
  theirs: PriceSpan | null;
  ours: PriceSpan | null;
  currency: string | null;
}

function Line({ name, theirs, ours, currency }: LineProps) {
  const percent =
    theirs && ours && theirs.median > 0 ? (100 * (ours.median - theirs.median)) / theirs.median : null;
  return (
    <tr>
      <th scope="row" dir="auto">
        {name}
      </th>
      <SpanCells span={theirs} currency={currency} of="theirs" />
      <SpanCells span={ours} currency={currency} of="ours" />
      <td>{percent === null ? '–' : formatDifference(percent)}</td>
    </tr>
  );
}

/** Entry, median and exit of both ranges, all together and by category. */
export function PriceMatrix({ prices: { all, categories, currency } }: { prices: CurrencyPrices }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section className="matrix-scroll" tabIndex={0} aria-label="Prices by category">
      <table className="price-matrix numbers">
        <thead>
          <tr>
            <td />
            <th scope="colgroup" colSpan={4}>
              Theirs
            </th>
            <th scope="colgroup" colSpan={4}>
              Ours
            </th>
            <th scope="col" rowSpan={2} title="The median of ours beside theirs">
              Ours to theirs
            </th>
          </tr>
          <tr>
            <td />
            <th scope="col">Pictures</th>
            <th scope="col">Entry</th>
            <th scope="col">Median</th>
            <th scope="col">Exit</th>
            <th scope="col">Styles</th>
            <th scope="col">Entry</th>
            <th scope="col">Median</th>
            <th scope="col">Exit</th>
          </tr>
        </thead>
        <tbody>
          {categories.length > 1 && (
            <Line
              name={
                categories.some(({ category }) => category === null)
                  ? 'All of a known category'
                  : 'All of these'
              }
              {...all}
              currency={currency}
            />
          )}
          {categories.map(({ category, ...spans }) => (
            <Line
              key={category ?? ''}
              name={category ?? 'Category not known'}
              {...spans}
              currency={currency}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}
