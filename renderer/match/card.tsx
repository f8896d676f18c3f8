// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be drawn in part
import { memo } from 'react';
import type { Result } from '../../electron/contract/search.ts';
import { Picture } from '../engine/picture.tsx';
import { capitalised, formatPrice } from '../ui/format.ts';

interface CardProps {
  result: Result;
  focused: boolean;
  column: number;
  x: number;
  y: number;
  width: number;
  onOpen: (productId: string) => void;
}

/** The element id by which the grid's rows own their cards. */
export function cardId(productId: string): string {
  return `card-${encodeURIComponent(productId)}`;
}

function priceWords({ price, currency }: Result): string {
  return price === null ? 'No price' : formatPrice(price, currency);
}

/** One product: its picture, and what is asked at a counter. */
export const Card = memo(function Card({ result, focused, column, x, y, width, onOpen }: CardProps) {
  const { productId, title, color, brand, sku, availability, score, thumbnail } = result;
  const absent = availability === 'out of stock';
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid hears the keys
    <div
      id={cardId(productId)}
      role="gridcell"
      className="card"
      data-product={productId}
      aria-colindex={column + 1}
      aria-selected={focused}
      tabIndex={focused ? 0 : -1}
      style={{ width, transform: `translate(${x}px, ${y}px)` }}
      title={`${title}\nSimilarity ${score.toFixed(3)}`}
      onClick={() => onOpen(productId)}
    >
      <Picture id={thumbnail} fill />
      <p className="card-title" dir="auto">
        {title}
      </p>
      <p className="card-price">
        <span className={result.price === null ? 'card-quiet' : 'numbers'}>{priceWords(result)}</span>
        {absent && <span className="card-absent">Out of stock</span>}
      </p>
      <p className="card-quiet">
        <bdi>{[color && capitalised(color), brand].filter(Boolean).join(' · ')}</bdi>
      </p>
      <p className="card-quiet numbers">
        <bdi>{sku}</bdi>
      </p>
    </div>
  );
});
