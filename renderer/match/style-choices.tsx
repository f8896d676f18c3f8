import { Copy } from 'lucide-react';
import type { OtherStyle, Product, Style } from '../../electron/contract/catalog.ts';
import { capitalised } from '../ui/format.ts';
import { copySize } from './copy-sku.ts';
import { openStyle } from './match.ts';
import { askedSize, isOut, type Shown, sizeName, stockWords } from './style.ts';
import { Swatch } from './swatch.tsx';
import './style-choices.css';

interface ColorsProps {
  of: Pick<Product, 'styleId' | 'color'> & Style;
  /** Thumbnail of the shown style. */
  thumbnail: string;
}

/** The group's colours. Their order does not depend on the shown one, so that nothing moves under the pointer. */
export function Colors({ of: { styleId, color, colors, sizes }, thumbnail }: ColorsProps) {
  if (colors.length === 0) return null;
  const own: OtherStyle = { styleId, uid: sizes[0]?.uid ?? '', color, thumbnail };
  const all = [own, ...colors].sort((a, b) => (a.styleId < b.styleId ? -1 : 1));
  return (
    <section className="style-colors" aria-label="Colours">
      <ul>
        {all.map((each) => {
          const name = each.color === null ? 'Colour unknown' : capitalised(each.color);
          return (
            <li key={each.styleId}>
              <button
                type="button"
                className="style-color"
                aria-current={each === own || undefined}
                aria-label={name}
                title={name}
                onClick={() => {
                  if (each !== own) openStyle(each);
                }}
              >
                <Swatch name={each.color} thumbnail={each.thumbnail} />
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** Each size with its stock and its SKU. A click copies the SKU. */
export function Sizes({ of, picked }: { of: Shown; picked: string | null }) {
  const { sizes } = of;
  if (sizes.length < 2) return null;
  const chosen = askedSize(of, picked);
  return (
    <section className="style-sizes" aria-label="Sizes">
      <ul>
        {sizes.map((size, index) => {
          const name = sizeName(size, sizes) ?? size.sku;
          const stock = stockWords(size);
          return (
            <li key={size.uid}>
              <button
                type="button"
                className={`style-size ${isOut(size) ? 'is-out' : ''}`}
                aria-current={size === chosen || undefined}
                aria-label={[`Copy the SKU of size ${name}: ${size.sku}`, stock].filter(Boolean).join(', ')}
                title={index < 9 ? `Copy ${size.sku} (${index + 1} on the card)` : `Copy ${size.sku}`}
                onClick={() => copySize(of, size.uid)}
              >
                <bdi className="style-size-name">{name}</bdi>
                <span className="style-size-stock">{stock}</span>
                <bdi className="style-size-sku numbers">{size.sku}</bdi>
                <Copy aria-hidden />
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
