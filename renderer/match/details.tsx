import { Copy, CornerDownLeft, ExternalLink, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Product, ProductDetails, SnapshotSource, Style } from '../../electron/contract/catalog.ts';
import type { LookalikeError } from '../../electron/contract/errors.ts';
import { asLookalikeError, engine } from '../engine/client.ts';
import { Picture } from '../engine/picture.tsx';
import { capitalised, formatPrice } from '../ui/format.ts';
import { ErrorNote } from '../ui/note.tsx';
import { copySku } from './copy-sku.ts';
import { useMatch } from './match.ts';
import { webPage } from './product-text.ts';
import { matchProduct } from './query-actions.ts';
import { isOut, pickedSize, type Shown, sizesInStock, skuToCopy, styleTitle } from './style.ts';
import { Colors, Sizes } from './style-choices.tsx';
import { ThisIsIt } from './this-is-it.tsx';
import { ZoomPair } from './zoom-pair.tsx';
import './details.css';

/** The product's full record; null while it is loading, or an error. */
function useDetails(uid: string): ProductDetails | LookalikeError | null {
  const [loaded, setLoaded] = useState<{ uid: string; details: ProductDetails | LookalikeError }>();
  useEffect(() => {
    const controller = new AbortController();
    engine.product({ productId: uid }, { signal: controller.signal }).then(
      (details) => setLoaded({ uid, details }),
      (error) => controller.signal.aborted || setLoaded({ uid, details: asLookalikeError(error) }),
    );
    return () => controller.abort();
  }, [uid]);
  return loaded?.uid === uid ? loaded.details : null;
}

function valueWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueWords).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function colorWords({ color, colorFrom }: ProductDetails): string {
  return `${capitalised(color ?? '')}${colorFrom === 'picture' ? ', as seen in the picture' : ''}`;
}

function Fields({ details, source }: { details: ProductDetails; source: string | null }) {
  const fields: [string, unknown][] = [
    ['Category', details.category],
    ['Brand', details.brand],
    ['Colour', details.color && colorWords(details)],
    ['Size', details.sizes.length === 1 ? details.size : null],
    ['Stock', details.sizes.length === 1 ? details.stock : null],
    ['Barcode', details.gtin?.replace(/^0+/, '')],
    ['Source', source],
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

/** The name of the product's source, when the catalog has several. */
function sourceName({ source }: Product, sources: readonly SnapshotSource[] = []): string | null {
  return sources.length > 1 ? (sources.find(({ id }) => id === source)?.name ?? null) : null;
}

/** The availability; for a style in several sizes, the number of available sizes. */
function Stock({ product: { availability, sizes } }: { product: Product & Style }) {
  const several = sizes.length > 1 ? sizesInStock(sizes) : null;
  const out = sizes.length > 1 ? sizes.every(isOut) : availability === 'out of stock';
  const words = several ?? (availability && capitalised(availability));
  if (!words) return null;
  const state = several ? (out ? 'out-of-stock' : 'in-stock') : availability?.replaceAll(' ', '-');
  return <span className={`availability is-${state}`}>{words}</span>;
}

function Heading({ product }: { product: Product & Style }) {
  const { sku, styleSku, sizes, price, currency } = product;
  return (
    <>
      <h3 className="details-title selectable" dir="auto">
        {styleTitle(product)}
      </h3>
      <p className="details-price numbers">
        {price === null ? 'No price' : formatPrice(price, currency)}
        <Stock product={product} />
      </p>
      <p className="details-sku numbers selectable">
        <span className="label">SKU</span> <bdi>{sizes.length > 1 ? styleSku : sku}</bdi>
      </p>
    </>
  );
}

interface ActionsProps {
  product: Product & Shown;
  thumbnail: string;
  picked: string | null;
}

function Actions({ product, thumbnail, picked }: ActionsProps) {
  const { uid, styleId } = product;
  const title = styleTitle(product);
  const page = webPage(product.url);
  const { sku, of } = skuToCopy(product, picked);
  return (
    <div className="details-actions">
      <button
        type="button"
        className="button primary"
        title={`Copy ${sku}`}
        onClick={() => void copySku(product, picked)}
      >
        <Copy aria-hidden /> Copy SKU{of !== null && of !== 'all sizes' && `, size ${of}`}{' '}
        <CornerDownLeft aria-hidden />
      </button>
      <ThisIsIt uid={uid} styleId={styleId} />
      <button
        type="button"
        className="button"
        onClick={() => matchProduct({ uid, styleId, title, thumbnail })}
      >
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

/** One style beside the query, large enough to compare: a card's style, or another colour that has no card. */
export function Details({ styleId, onClose }: { styleId: string; onClose: () => void }) {
  const query = useMatch((state) => state.query);
  const visited = useMatch((state) => state.visited);
  const pressed = useMatch((state) => state.pickedSize);
  const filters = useMatch((state) => state.filters);
  const card = useMatch((state) => state.answer?.results.find((each) => each.styleId === styleId));
  const uid = visited?.uid ?? card?.uid ?? '';
  const sources = useMatch((state) => state.answer?.snapshot.sources);
  const loaded = useDetails(uid);
  const [enlarged, setEnlarged] = useState<{ uid: string; id: string }>();
  if (!query || !card) return null;

  const details = loaded instanceof Error ? null : loaded;
  const product = visited ? details : card;
  const picked = product && pickedSize(product, pressed, filters);
  const first = visited?.thumbnail ?? card.thumbnail;
  const thumbnail = enlarged?.uid === uid ? enlarged.id : first;
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
        <ZoomPair key={uid} query={query} thumbnail={thumbnail} title={styleTitle(product ?? card)} />
        <Strip ids={details?.thumbnails ?? []} shown={thumbnail} onShow={(id) => setEnlarged({ uid, id })} />
        {product && (
          <>
            <Heading product={product} />
            <Colors of={product} thumbnail={first} />
            <Actions product={product} thumbnail={thumbnail} picked={picked} />
            <Sizes of={product} picked={picked} />
          </>
        )}
        {loaded instanceof Error && <ErrorNote error={loaded} />}
        {details && <Fields details={details} source={sourceName(details, sources)} />}
      </div>
    </section>
  );
}
