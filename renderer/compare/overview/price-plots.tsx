import { useLayoutEffect, useMemo, useRef } from 'react';
import type { CurrencyPrices } from '../../../electron/contract/compare-tells.ts';
import { categoryLines, colorLines, countOf } from '../../../electron/plots/lines.ts';
import { drawColors, drawPrices, type Line } from '../../../electron/plots/strips.ts';
import { formatCount, formatPrice } from '../../ui/format.ts';
import { useSize } from '../../ui/use-size.ts';

interface PlotProps {
  lines: readonly Line[];
  draw: typeof drawPrices;
  words: (price: number) => string;
}

/** As wide as there is room. */
function Drawing({ lines, draw, words }: PlotProps) {
  const frame = useRef<HTMLDivElement>(null);
  const { width } = useSize(frame);
  useLayoutEffect(() => {
    if (width > 0) frame.current?.replaceChildren(draw(lines, { document, width: Math.round(width), words }));
  }, [lines, draw, words, width]);
  return <div ref={frame} className="plot" />;
}

function AsTable({ lines, words }: Omit<PlotProps, 'draw'>) {
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
  const left = categories.length - byCategory.length;
  return (
    <>
      <h3>Prices by category</h3>
      <p className="label">
        A tick is a price, the heavy one the median, which stands at the right.
        {left > 0 && ` The ${left} categories with the fewest pictures are in the table only.`}
      </p>
      <Drawing lines={byCategory} draw={drawPrices} words={words} />
      <h3>Prices by colour</h3>
      <p className="label">Colours as they are seen in the pictures, on both sides alike.</p>
      <Drawing lines={byColor} draw={drawColors} words={words} />
      <AsTable lines={byColor} words={words} />
    </>
  );
}
