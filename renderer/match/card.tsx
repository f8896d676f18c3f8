// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be drawn in part
import { memo } from 'react';
import type { OtherStyle } from '../../electron/contract/catalog.ts';
import type { Result } from '../../electron/contract/search.ts';
import { Picture } from '../engine/picture.tsx';
import { capitalised, formatPrice } from '../ui/format.ts';
import { askedSize, isOut, sizeName, skuToCopy, stockWords, styleTitle } from './style.ts';
import { Swatch } from './swatch.tsx';
import './card.css';

interface CardProps {
  result: Result;
  focused: boolean;
  /** uid of the size that was picked on this card. */
  picked: string | null;
  column: number;
  x: number;
  y: number;
  width: number;
  onOpen: (styleId: string) => void;
  onOpenColor: (other: OtherStyle) => void;
}

/** The element id by which the grid's rows refer to their cards. */
export function cardId(styleId: string): string {
  return `card-${encodeURIComponent(styleId)}`;
}

function priceWords({ price, currency }: Result): string {
  return price === null ? 'No price' : formatPrice(price, currency);
}

/** Swatches that fit beside the colour's name. */
const MOST_SWATCHES = 5;

/** The group's other colours; each opens that style's card. With the keyboard they are reached in the details. */
function Colors({ result, onOpenColor }: Pick<CardProps, 'result' | 'onOpenColor'>) {
  const { colors } = result;
  if (colors.length === 0) return null;
  const shown = colors.slice(0, colors.length > MOST_SWATCHES ? MOST_SWATCHES - 1 : MOST_SWATCHES);
  const more = colors.length - shown.length;
  return (
    <span className="card-colors">
      {shown.map((other) => {
        const name = other.color === null ? 'another colour' : capitalised(other.color);
        return (
          <button
            key={other.styleId}
            type="button"
            className="card-color"
            tabIndex={-1}
            aria-label={`Show in ${name}`}
            title={`Show in ${name}`}
            onClick={(event) => {
              event.stopPropagation();
              onOpenColor(other);
            }}
          >
            <Swatch name={other.color} thumbnail={other.thumbnail} />
          </button>
        );
      })}
      {more > 0 && <span className="numbers">+{more}</span>}
    </span>
  );
}

/** All sizes in a line, those that are out of stock struck through. */
function Sizes({ result, picked }: Pick<CardProps, 'result' | 'picked'>) {
  const { sizes } = result;
  const chosen = askedSize(result, picked);
  const named = sizes.filter((size) => sizeName(size, sizes) !== null);
  if (named.length === 0) return null;
  return (
    <p className="card-quiet card-sizes">
      <span className="visually-hidden">Sizes </span>
      {named.map((size) => {
        const out = isOut(size);
        return (
          <span
            key={size.uid}
            className={`card-size ${out ? 'is-out' : ''} ${sizes.length > 1 && size === chosen ? 'is-asked' : ''}`}
            title={stockWords(size)}
          >
            <bdi>{sizeName(size, sizes)}</bdi>
            {out && <span className="visually-hidden"> out of stock</span>}
            <span className="visually-hidden">, </span>
          </span>
        );
      })}
    </p>
  );
}

/** One style: its picture, and the facts that are needed at a counter. */
export const Card = memo(function Card(props: CardProps) {
  const { result, focused, picked, column, x, y, width, onOpen, onOpenColor } = props;
  const { productId, styleId, color, brand, sizes, score, thumbnail } = result;
  const name = styleTitle(result);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid hears the keys
    <div
      id={cardId(styleId)}
      role="gridcell"
      className="card"
      data-product={productId}
      aria-colindex={column + 1}
      aria-selected={focused}
      tabIndex={focused ? 0 : -1}
      style={{ width, transform: `translate(${x}px, ${y}px)` }}
      title={`${name}\nSimilarity ${score.toFixed(3)}`}
      onClick={() => onOpen(styleId)}
    >
      <Picture id={thumbnail} fill />
      <p className="card-title" dir="auto">
        {name}
      </p>
      <p className="card-price">
        <span className={result.price === null ? 'card-quiet' : 'numbers'}>{priceWords(result)}</span>
        {sizes.every(isOut) && <span className="card-absent">Out of stock</span>}
      </p>
      <p className="card-quiet card-look">
        <bdi className="card-color-name">
          {[color && capitalised(color), brand].filter(Boolean).join(' · ')}
        </bdi>
        <Colors result={result} onOpenColor={onOpenColor} />
      </p>
      <Sizes result={result} picked={picked} />
      <p className="card-quiet numbers">
        <bdi>{skuToCopy(result, picked).sku}</bdi>
      </p>
    </div>
  );
});
