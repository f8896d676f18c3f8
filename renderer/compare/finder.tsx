import { ArrowLeft, Images, Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { ComparedProduct } from '../../electron/contract/compare.ts';
import type { LookalikeError } from '../../electron/contract/errors.ts';
import { keyName, keyOf } from '../../electron/contract/review-keys.ts';
import type { Result } from '../../electron/contract/search.ts';
import { asLookalikeError, engine } from '../engine/client.ts';
import { Picture } from '../engine/picture.tsx';
import { keepThumbnails } from '../engine/thumbnails.ts';
import { usePreferences } from '../page/preferences.ts';
import { formatPrice } from '../ui/format.ts';
import { ErrorNote } from '../ui/note.tsx';
import { choose, closeFinder } from './in-focus.ts';
import type { LoadedRows } from './loaded-rows.ts';
import { useDocument } from './open-document.ts';
import { obey } from './review.ts';
import './finder.css';

/** Products that are offered by a search. */
const LIMIT = 60;
const SEARCH_AFTER_MS = 150;

type Kind = 'more' | 'words';

/** What a decision keeps of a product. */
function compared(found: Result): ComparedProduct {
  const { productId, sku, title, category, brand, color, price, currency, availability, url } = found;
  const { uid, source, styleId, styleSku, thumbnail } = found;
  const fields = { productId, sku, title, category, brand, color, price, currency, availability, url };
  return { ...fields, uid, source, styleId, styleSku, thumbnail };
}

/** The products most like a row's picture, in the live catalog. */
async function findLike(number: number, loaded: LoadedRows, signal: AbortSignal): Promise<readonly Result[]> {
  const { id } = useDocument.getState();
  if (id === null) return [];
  const { pictures } = await engine.comparisonPictures({ id, rows: [number], size: 'large' }, { signal });
  const bytes = pictures[0]?.bytes;
  if (!bytes) return [];
  const crop = loaded.rows.get(number)?.crop;
  const query = { kind: 'photo', photo: { bytes }, ...(crop && { crop }) } as const;
  const { results, thumbnails } = await engine.search({ query, limit: LIMIT }, { signal });
  keepThumbnails(thumbnails);
  return results;
}

async function findByWords(words: string, signal: AbortSignal): Promise<readonly Result[]> {
  const { results, thumbnails } = await engine.search(
    { query: { kind: 'words', words }, limit: LIMIT },
    { signal },
  );
  keepThumbnails(thumbnails);
  return results;
}

interface Found {
  results: readonly Result[] | null;
  error: LookalikeError | null;
}

/** Searches as words are typed; without words, for products like the picture where `kind` says so. */
function useFound(loaded: LoadedRows, number: number, kind: Kind, words: string): Found {
  const [found, setFound] = useState<Found>({ results: null, error: null });
  useEffect(() => {
    if (words === '' && kind === 'words') {
      setFound({ results: null, error: null });
      return;
    }
    const asking = new AbortController();
    const { signal } = asking;
    const timer = setTimeout(
      () => {
        const asked = words === '' ? findLike(number, loaded, signal) : findByWords(words, signal);
        asked
          .then((results) => !signal.aborted && setFound({ results, error: null }))
          .catch((thrown) => !signal.aborted && setFound({ results: null, error: asLookalikeError(thrown) }));
      },
      words === '' ? 0 : SEARCH_AFTER_MS,
    );
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [loaded, number, kind, words]);
  return found;
}

function Results({ results }: { results: readonly Result[] }) {
  if (results.length === 0) return <p className="finder-none">Nothing was found.</p>;
  return (
    <ul className="finder-results" aria-label="Products found">
      {results.map((result) => (
        <li key={result.styleId}>
          <button type="button" title={result.title} onClick={() => choose(compared(result))}>
            <Picture id={result.thumbnail} fill />
            <span className="finder-title" dir="auto">
              {result.title}
            </span>
            <span className="label numbers">
              {result.price === null ? result.sku : formatPrice(result.price, result.currency)}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Moves among the results with the arrow keys. */
function onArrow(event: React.KeyboardEvent<HTMLElement>): void {
  const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 2, ArrowUp: -2 }[event.key];
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('.finder-results button')];
  const at = buttons.findIndex((button) => button.matches(':focus'));
  const inField = document.activeElement instanceof HTMLInputElement;
  if (by === undefined || (inField && event.key !== 'ArrowDown')) return;
  event.preventDefault();
  if (at + by < 0 && !inField) event.currentTarget.querySelector('input')?.focus();
  else buttons[inField ? 0 : Math.min(at + by, buttons.length - 1)]?.focus();
}

interface FinderPanelProps {
  loaded: LoadedRows;
  number: number;
  kind: Kind;
}

/** Finds the right product where it is not among the candidates: by words, or among more that are like the picture. */
export function FinderPanel({ loaded, number, kind }: FinderPanelProps) {
  const [typed, setTyped] = useState('');
  const { results, error } = useFound(loaded, number, kind, typed.trim());
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <section className="finder" aria-label="Find the right product" data-own-keys onKeyDown={onArrow}>
      <header className="finder-head">
        <button
          type="button"
          className="icon-button"
          aria-label="Back to the candidates"
          title="Back to the candidates (Esc)"
          onClick={closeFinder}
        >
          <ArrowLeft aria-hidden />
        </button>
        <input
          ref={field}
          type="search"
          data-own-scans
          className="text-input"
          aria-label="Find the product by words or SKU"
          placeholder={kind === 'more' ? 'Or type words' : 'Words or SKU'}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') closeFinder();
            const first = results?.[0];
            if (event.key === 'Enter' && first && typed.trim() !== '') choose(compared(first));
          }}
        />
      </header>
      <div className="finder-body">
        {error && <ErrorNote error={error} />}
        {results && <Results results={results} />}
      </div>
      <p className="visually-hidden" role="status">
        {results && `${results.length} products found`}
      </p>
    </section>
  );
}

/** Opens the finder; always in the same place. */
export function FinderButtons() {
  const keys = usePreferences((state) => state.reviewKeys);
  const [more, words] = (['more', 'words'] as const).map((command) => keyName(keyOf(command, keys)));
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a press with the mouse leaves the keyboard where it is
    <div className="finder-buttons" onMouseDown={(event) => event.preventDefault()}>
      <button
        type="button"
        className="button quiet"
        title={`More candidates (${more})`}
        onClick={() => obey('more')}
      >
        <Images aria-hidden /> More
      </button>
      <button
        type="button"
        className="button quiet"
        title={`By words or SKU (${words})`}
        onClick={() => obey('words')}
      >
        <Search aria-hidden /> By words
      </button>
    </div>
  );
}
