import { useCallback, useMemo } from 'react';
import type { CurrencyPrices } from '../../../electron/contract/compare-tells.ts';
import { categoryLines, colorLines, countOf } from '../../../electron/plots/lines.ts';
import { drawColors, drawPrices, type Line } from '../../../electron/plots/strips.ts';
import { Drawing } from '../../ui/drawing.tsx';
import { formatCount, formatPrice } from '../../ui/format.ts';

interface TableProps {
  lines: readonly Line[];
  words: (price: number) => string;
}

function AsTable({ lines, words }: TableProps) {
  const price = (median: number | null) => (median === null ? '–' : words(median));
  return (
    <details className="plot-table">
      <summary>As a table</summary>
      <table className="price-matrix numbers">
        <thead>
          <tr>
            <th scope="col">Colour</th>
            <th scope="col">Theirs</th>
            <th scope="col">Median of theirs</th>
            <th scope="col">Ours</th>
            <th scope="col">Median of ours</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ name, theirs, ours }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{formatCount(countOf(theirs.prices))}</td>
              <td>{price(theirs.median)}</td>
              <td>{formatCount(countOf(ours.prices))}</td>
              <td>{price(ours.median)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** The prices of both ranges by category, and by the colour that their pictures show. */
export default function PricePlots({ prices }: { prices: CurrencyPrices }) {
  const { currency, categories } = prices;
  const words = useMemo(() => (price: number) => formatPrice(price, currency), [currency]);
  const byCategory = useMemo(() => categoryLines(prices, 'Category not known'), [prices]);
  const byColor = useMemo(() => colorLines(prices), [prices]);
  const ofCategories = useCallback(
    (lines: readonly Line[], width: number) => drawPrices(lines, { document, width, words }),
    [words],
  );
  const ofColors = useCallback(
    (lines: readonly Line[], width: number) => drawColors(lines, { document, width, words }),
    [words],
  );
  const left = categories.length - byCategory.length;
  return (
    <>
      <h3>Prices by category</h3>
      <p className="label">
        A tick is a price, the heavy one the median, which stands at the right.
        {left > 0 && ` The ${left} categories with the fewest pictures are in the table only.`}
      </p>
      <Drawing className="plot" of={byCategory} draw={ofCategories} />
      <h3>Prices by colour</h3>
      <p className="label">Colours as they are seen in the pictures, on both sides alike.</p>
      <Drawing className="plot" of={byColor} draw={ofColors} />
      <AsTable lines={byColor} words={words} />
    </>
  );
}
