import { Dialog } from 'radix-ui';
import type { KeyboardEvent } from 'react';
import { create } from 'zustand';
import type { Result } from '../../electron/contract/search.ts';
import { Picture } from '../engine/picture.tsx';
import { capitalised, formatPrice } from '../ui/format.ts';
import { focusResults, focusStyle, useMatch } from './match.ts';
import { isOut, styleTitle } from './style.ts';
import { QueryPicture } from './zoom-pair.tsx';
import './customer-view.css';

const useShown = create<{ styleId: string | null }>(() => ({ styleId: null }));

/** Turns the screen to the customer: the photo and this product, large, and nothing of how it was found. */
export function showToCustomer(styleId: string): void {
  focusStyle(styleId);
  useShown.setState({ styleId });
}

function close(): void {
  useShown.setState({ styleId: null });
  focusResults();
}

/** The product that is shown to the customer, over the whole window. The arrow keys go to the next ones. */
export function CustomerView() {
  const styleId = useShown((state) => state.styleId);
  const results = useMatch((state) => state.answer?.results) ?? [];
  const at = results.findIndex((each) => each.styleId === styleId);
  const result = results[at];
  if (!result) return null;
  const step = ({ key }: KeyboardEvent) => {
    const next = results[at + (key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0)];
    if (next && next !== result) showToCustomer(next.styleId);
  };
  return (
    <Dialog.Root open onOpenChange={close}>
      <Dialog.Portal>
        <Dialog.Content
          className="customer-view"
          aria-describedby={undefined}
          onKeyDown={step}
          onClick={close}
        >
          <Shown result={result} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Shown({ result }: { result: Result }) {
  const query = useMatch((state) => state.query);
  const { price, currency, color, brand } = result;
  const beside = query && query.kind !== 'words' ? <QueryPicture query={query} /> : null;
  return (
    <>
      <div className="customer-pictures">
        {beside && <figure aria-label="The photo">{beside}</figure>}
        <figure>
          <Picture id={result.thumbnail} alt={styleTitle(result)} />
        </figure>
      </div>
      <div className="customer-words">
        <Dialog.Title dir="auto">{styleTitle(result)}</Dialog.Title>
        <p>{[brand, color && capitalised(color)].filter(Boolean).join(' · ')}</p>
        <Sizes result={result} />
        {price !== null && <p className="customer-price numbers">{formatPrice(price, currency)}</p>}
      </div>
    </>
  );
}

/** The sizes, those that are sold out struck through. */
function Sizes({ result: { sizes } }: { result: Result }) {
  const named = sizes.filter(({ size }) => size !== null);
  if (named.length < 2) return null;
  return (
    <ul className="customer-sizes" aria-label="Sizes">
      {named.map((size) => (
        <li key={size.uid} className={isOut(size) ? 'is-out' : ''}>
          {size.size}
          {isOut(size) && <span className="visually-hidden">, out of stock</span>}
        </li>
      ))}
    </ul>
  );
}
