import type { StyleSize } from '../../electron/contract/catalog.ts';
import { measuredIn } from './short-text.ts';
import { askedSize, isOut, type Shown, sizeName, stockWords } from './style.ts';
import './card-sizes.css';

/** As in card-sizes.css, in CSS pixels. */
const FONT = '400 11px "Inter Variable"';
const GAP = 6;
/** Width of "+12". */
const MORE = 20;

/** How many sizes fit in a line, with the number of the others behind them. */
function countThatFits(names: readonly string[], width: number): number {
  const measure = measuredIn(FONT);
  let used = -GAP;
  const ends = names.map((name) => {
    used += measure(name) + GAP;
    return used;
  });
  if (used <= width) return names.length;
  return Math.max(1, ends.filter((end) => end + GAP + MORE <= width).length);
}

interface CardSizesProps {
  of: Shown;
  picked: string | null;
  /** Of the line; null where sizes may take several lines. */
  width: number | null;
}

/** The sizes, those that are out of stock struck through. The picked one is always among those that are shown. */
export function CardSizes({ of, picked, width }: CardSizesProps) {
  const { sizes } = of;
  const chosen = askedSize(of, picked);
  const named = sizes.flatMap((size) => {
    const name = sizeName(size, sizes);
    return name === null ? [] : [{ size, name }];
  });
  if (named.length === 0) return null;
  const count =
    width === null
      ? named.length
      : countThatFits(
          named.map(({ name }) => name),
          width,
        );
  const isShown = (size: StyleSize, index: number) => {
    const chosenAt = named.findIndex((each) => each.size === chosen);
    return size === chosen || index < (chosenAt < count ? count : count - 1);
  };
  return (
    <p className="card-quiet card-sizes">
      <span className="visually-hidden">Sizes </span>
      {named.map(({ size, name }, index) => {
        const out = isOut(size);
        const asked = sizes.length > 1 && size === chosen;
        const hidden = isShown(size, index) ? '' : 'visually-hidden';
        return (
          <span
            key={size.uid}
            className={`card-size ${out ? 'is-out' : ''} ${asked ? 'is-asked' : ''} ${hidden}`}
            title={stockWords(size)}
          >
            <bdi>{name}</bdi>
            {out && <span className="visually-hidden"> out of stock</span>}
            <span className="visually-hidden">, </span>
          </span>
        );
      })}
      {count < named.length && (
        <span className="card-sizes-more numbers" aria-hidden>
          +{named.length - count}
        </span>
      )}
    </p>
  );
}
