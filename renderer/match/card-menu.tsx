import { ContextMenu } from 'radix-ui';
import { type MouseEvent, type ReactNode, useState } from 'react';
import type { Result } from '../../electron/contract/search.ts';
import { commandKey } from '../ui/keys.ts';
import { copyProduct, copySku } from './copy-sku.ts';
import { showToCustomer } from './customer-view.tsx';
import { focusStyle, setDetailsOpen, useMatch } from './match.ts';
import { webPage } from './product-text.ts';
import { matchProduct } from './query-actions.ts';
import { pickedSize, styleTitle } from './style.ts';
import './card-menu.css';

/** The menu of a card: by the right button, by Shift F10 and by the menu key. One menu serves all cards of the grid. */
export function CardMenu({ children }: { children: ReactNode }) {
  const [result, setResult] = useState<Result | null>(null);
  const onContextMenu = (event: MouseEvent) => {
    const card = event.target instanceof Element ? event.target.closest('[role=gridcell]') : null;
    const { answer } = useMatch.getState();
    const found = answer?.results.find(({ styleId }) => card?.getAttribute('data-style') === styleId) ?? null;
    setResult(found);
    if (found) focusStyle(found.styleId);
    // Beside the cards there is nothing to offer.
    else event.preventDefault();
  };
  return (
    <ContextMenu.Root>
      <ContextMenu.Trigger asChild onContextMenu={onContextMenu}>
        {children}
      </ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Content className="card-menu" collisionPadding={8}>
          {result && <Items result={result} />}
        </ContextMenu.Content>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}

function Items({ result }: { result: Result }) {
  const pressed = useMatch((state) => state.pickedSize);
  const filters = useMatch((state) => state.filters);
  const { uid, styleId, thumbnail } = result;
  const picked = pickedSize(result, pressed, filters);
  const page = webPage(result.url);
  const title = styleTitle(result);
  return (
    <>
      <Item name="Copy SKU" keys="Enter" onSelect={() => void copySku(result, picked)} />
      <Item
        name="Copy with picture"
        keys={`${commandKey()} C`}
        onSelect={() => void copyProduct(result, picked)}
      />
      <ContextMenu.Separator className="menu-separator" />
      <Item name="Show to the customer" keys="Shift Enter" onSelect={() => showToCustomer(styleId)} />
      <Item name="Details" keys="Space" onSelect={() => setDetailsOpen(true)} />
      <Item name="More like this" onSelect={() => matchProduct({ uid, styleId, title, thumbnail })} />
      {page && <Item name="Product page" onSelect={() => void window.open(page, '_blank')} />}
    </>
  );
}

function Item({ name, keys, onSelect }: { name: string; keys?: string; onSelect: () => void }) {
  return (
    <ContextMenu.Item className="menu-item" onSelect={onSelect}>
      {name}
      {keys && <span className="label">{keys}</span>}
    </ContextMenu.Item>
  );
}
