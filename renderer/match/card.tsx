// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be drawn in part
import { Copy } from 'lucide-react';
import { memo } from 'react';
import { shallow } from 'zustand/shallow';
import type { OtherStyle } from '../../electron/contract/catalog.ts';
import type { Result } from '../../electron/contract/search.ts';
import { Picture } from '../engine/picture.tsx';
import { capitalised, formatPrice } from '../ui/format.ts';
import { CardColors } from './card-colors.tsx';
import { CardSizes } from './card-sizes.tsx';
import { copySku } from './copy-sku.ts';
import { dragOut } from './drag-out.ts';
import { measuredIn, shortText } from './short-text.ts';
import { isOut, skuToCopy, styleTitle } from './style.ts';
import { ThisIsItMark, useIsSaid } from './this-is-it.tsx';
import './card.css';

interface CardProps {
  result: Result;
  /** The result's band in words. */
  band: string;
  /** Which way the price is not what was asked for; null where it is. */
  outOfPrice: 'dearer' | 'cheaper' | null;
  /** Twice as wide and high as the others. */
  large: boolean;
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

/** As in card.css. */
const FONTS = {
  small: {
    title: '500 13px "Inter Variable"',
    price: '600 13px "Inter Variable"',
    color: '400 11px "Inter Variable"',
  },
  large: {
    title: '600 15px "Inter Variable"',
    price: '600 15px "Inter Variable"',
    color: '400 13px "Inter Variable"',
  },
};

const PRICE_GAP = 4;

/** A text that may be cut. Screen readers read all of it. */
function Cut({ whole, short }: { whole: string; short: string }) {
  if (short === whole) return whole;
  return (
    <>
      <span aria-hidden>{short}</span>
      <span className="visually-hidden">{whole}</span>
    </>
  );
}

/** Letters at the end of a SKU that stay in sight: variants differ there. */
const SKU_END = 8;

/** The SKU. A long one is cut before its end. */
function Sku({ result, picked, large }: Pick<CardProps, 'result' | 'picked' | 'large'>) {
  const { sku } = skuToCopy(result, picked);
  const cut = sku.length > SKU_END * 1.5 ? sku.length - SKU_END : sku.length;
  return (
    <p className="card-quiet card-sku numbers">
      <bdi>{sku.slice(0, cut)}</bdi>
      {cut < sku.length && <bdi className="card-sku-end">{sku.slice(cut)}</bdi>}
      {large && (
        <button
          type="button"
          className="icon-button"
          tabIndex={-1}
          aria-label="Copy SKU"
          title={`Copy ${sku} (Enter)`}
          onClick={(event) => {
            event.stopPropagation();
            void copySku(result, picked);
          }}
        >
          <Copy aria-hidden />
        </button>
      )}
    </p>
  );
}

/** Of the second answer to a photo most results are those of the first, with other objects. */
function looksTheSame({ result: now, ...others }: CardProps, { result: next, ...then }: CardProps): boolean {
  return shallow(others, then) && (now === next || JSON.stringify(now) === JSON.stringify(next));
}

const OUT_OF_PRICE = { dearer: 'Dearer', cheaper: 'Cheaper' } as const;

/** One style: its picture, and the facts that are needed at a counter. */
export const Card = memo(function Card(props: CardProps) {
  const { result, band, outOfPrice, large, focused, picked, column, x, y, width, onOpen, onOpenColor } =
    props;
  const { uid, productId, styleId, color, brand, price, currency, sizes, score, thumbnail } = result;
  const isIt = useIsSaid({ uid, styleId });
  const name = styleTitle(result);
  const fonts = large ? FONTS.large : FONTS.small;
  const title = shortText(name, width, 2, measuredIn(fonts.title));
  const colorName = color && capitalised(color);
  const priceWords = price === null ? 'No price' : formatPrice(price, currency);
  const marks = [
    ...(sizes.every(isOut) ? ['Out of stock'] : []),
    ...(outOfPrice ? [OUT_OF_PRICE[outOfPrice]] : []),
  ];
  const besidePrice = width - measuredIn(fonts.price)(priceWords) - PRICE_GAP;
  const colors = (
    <CardColors
      colors={result.colors}
      width={large ? width : besidePrice}
      large={large}
      onOpen={onOpenColor}
    />
  );
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid hears the keys
    <div
      id={cardId(styleId)}
      role="gridcell"
      className={`card ${large ? 'is-large' : ''}`}
      data-product={productId}
      data-style={styleId}
      draggable
      onDragStart={(event) => dragOut(event, result)}
      aria-colindex={column + 1}
      {...(large && { 'aria-colspan': 2, 'aria-rowspan': 2 })}
      aria-selected={focused}
      tabIndex={focused ? 0 : -1}
      style={{ width, transform: `translate(${x}px, ${y}px)` }}
      title={`${name}\n${band}, similarity ${score.toFixed(3)}`}
      onClick={() => onOpen(styleId)}
    >
      <div className="card-picture">
        <Picture id={thumbnail} fill />
        {marks.length > 0 && <span className="card-absent">{marks.join(', ')}</span>}
        <ThisIsItMark uid={uid} styleId={styleId} />
      </div>
      <span className={`card-band is-${result.band}`} aria-hidden />
      <p className="card-title" dir="auto">
        <Cut whole={name} short={title.text} />
      </p>
      <p className="card-price">
        <span className={price === null ? 'card-quiet' : 'numbers'}>{priceWords}</span>
        {!large && colors}
      </p>
      <p className={`card-quiet card-look ${title.lines > 1 ? 'is-one-line' : ''}`}>
        {colorName && (
          <bdi className="card-color-name">
            <Cut whole={colorName} short={shortText(colorName, width, 1, measuredIn(fonts.color)).text} />
          </bdi>
        )}
        {brand && <bdi>{brand}</bdi>}
      </p>
      {large && colors}
      <CardSizes of={result} picked={picked} width={large ? null : width} />
      <Sku result={result} picked={picked} large={large} />
      <span className="visually-hidden">{isIt ? `${band}. Noted as this photo’s product` : band}</span>
    </div>
  );
}, looksTheSame);
