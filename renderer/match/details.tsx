import { Copy, CornerDownLeft, ExternalLink, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ProductDetails } from '../../electron/contract/catalog.ts';
import type { LookalikeError } from '../../electron/contract/errors.ts';
import type { Result } from '../../electron/contract/search.ts';
import { asLookalikeError, engine } from '../engine/client.ts';
import { Picture } from '../engine/picture.tsx';
import { capitalised, formatPrice } from '../ui/format.ts';
import { ErrorNote } from '../ui/note.tsx';
import { copySku } from './copy-sku.ts';
import { useMatch } from './match.ts';
import { matchProduct } from './query-actions.ts';
import { ZoomPair } from './zoom-pair.tsx';
import './details.css';

/** The product's full record; null while it is on its way, an error when it cannot be had. */
function useDetails(productId: string): ProductDetails | LookalikeError | null {
  const [loaded, setLoaded] = useState<{ productId: string; details: ProductDetails | LookalikeError }>();
  useEffect(() => {
    const controller = new AbortController();
    engine.product({ productId }, { signal: controller.signal }).then(
      (details) => setLoaded({ productId, details }),
      (error) => controller.signal.aborted || setLoaded({ productId, details: asLookalikeError(error) }),
    );
    return () => controller.abort();
  }, [productId]);
  return loaded?.productId === productId ? loaded.details : null;
}

function webPage(url: string | null): string | null {
  return url && /^https:\/\//i.test(url) ? url : null;
}

function valueWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueWords).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function Fields({ details }: { details: ProductDetails }) {
  const fields: [string, unknown][] = [
    ['Category', details.category],
    ['Brand', details.brand],
    ['Colour', details.color && capitalised(details.color)],
    ['Product id', details.productId === details.sku ? null : details.productId],
    ['Group', details.groupId],
    ...Object.entries(details.attributes),
  ];
  return (
    <dl className="fields selectable">
      {fields.map(([name, value]) => {
        if (value === null || value === undefined || value === '') return null;
        return (
          <div key={name}>
            <dt>{capitalised(name)}</dt>
            <dd dir="auto">{valueWords(value)}</dd>
          </div>
        );
      })}
    </dl>
  );
}

function Strip({
  ids,
  shown,
  onShow,
}: {
  ids: readonly string[];
  shown: string;
  onShow: (id: string) => void;
}) {
  if (ids.length < 2) return null;
  return (
    <ul className="strip" aria-label="Pictures of this product">
      {ids.map((id, index) => (
        <li key={id}>
          <button
            type="button"
            aria-label={`Picture ${index + 1}`}
            aria-pressed={id === shown}
            onClick={() => onShow(id)}
          >
            <Picture id={id} fill />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Heading({ result }: { result: Result }) {
  const { title, sku, price, currency, availability } = result;
  return (
    <>
      <h3 className="details-title selectable" dir="auto">
        {title}
      </h3>
      <p className="details-price numbers">
        {price === null ? 'No price' : formatPrice(price, currency)}
        {availability && (
          <span className={`availability is-${availability.replaceAll(' ', '-')}`}>
            {capitalised(availability)}
          </span>
        )}
      </p>
      <p className="details-sku numbers selectable">
        <span className="label">SKU</span> <bdi>{sku}</bdi>
      </p>
    </>
  );
}

function Actions({ result }: { result: Result }) {
  const page = webPage(result.url);
  return (
    <div className="details-actions">
      <button type="button" className="button primary" onClick={() => void copySku(result.sku)}>
        <Copy aria-hidden /> Copy SKU <CornerDownLeft aria-hidden />
      </button>
      <button type="button" className="button" onClick={() => matchProduct(result)}>
        More like this
      </button>
      {page && (
        <a className="button" href={page} target="_blank" rel="noreferrer" aria-label="Open product page">
          Product page <ExternalLink aria-hidden />
        </a>
      )}
    </div>
  );
}

/** One product beside the query, large enough to decide. */
export function Details({ productId, onClose }: { productId: string; onClose: () => void }) {
  const query = useMatch((state) => state.query);
  const result = useMatch((state) => state.answer?.results.find((each) => each.productId === productId));
  const loaded = useDetails(productId);
  const [picked, setPicked] = useState<{ productId: string; id: string }>();
  if (!query || !result) return null;

  const details = loaded instanceof Error ? null : loaded;
  const thumbnail = picked?.productId === productId ? picked.id : result.thumbnail;
  return (
    <section className="details" aria-label="Product details">
      <header className="side-head">
        <h2>Details</h2>
        <button
          type="button"
          className="icon-button"
          aria-label="Close details"
          title="Close (Esc)"
          onClick={onClose}
        >
          <X aria-hidden />
        </button>
      </header>
      <div className="details-body">
        <ZoomPair key={productId} query={query} thumbnail={thumbnail} title={result.title} />
        <Strip
          ids={details?.thumbnails ?? []}
          shown={thumbnail}
          onShow={(id) => setPicked({ productId, id })}
        />
        <Heading result={result} />
        <Actions result={result} />
        {loaded instanceof Error && <ErrorNote error={loaded} />}
        {details && <Fields details={details} />}
      </div>
    </section>
  );
}
