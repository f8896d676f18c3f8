import { Globe, RotateCcw } from 'lucide-react';
import type { RejectedProduct } from '../../electron/contract/compare.ts';
import { useThumbnail } from '../engine/thumbnails.ts';
import { ReadyImage } from './ready-image.tsx';
import { offerAgain, rejectEverywhere } from './rejecting.ts';
import './rejected-list.css';

function Rejected({ product }: { product: RejectedProduct }) {
  const { title, sku, everywhere } = product;
  return (
    <li className="rejected">
      <span className="picture rejected-picture">
        <ReadyImage url={useThumbnail(product.thumbnail)} alt="" />
      </span>
      <span className="rejected-words" title={title}>
        <span dir="auto">{title}</span>
        <span className="label numbers">{everywhere ? 'in no comparison' : sku}</span>
      </span>
      {!everywhere && (
        <button
          type="button"
          className="icon-button"
          aria-label={`Do not offer ${title} for this picture in any comparison`}
          title="Do not offer it for this picture in any comparison"
          onClick={() => void rejectEverywhere(product)}
        >
          <Globe aria-hidden />
        </button>
      )}
      <button
        type="button"
        className="icon-button"
        aria-label={`Offer ${title} again`}
        title="Offer it again"
        onClick={() => void offerAgain(product)}
      >
        <RotateCcw aria-hidden />
      </button>
    </li>
  );
}

/** The products that a person has said are no match for a picture. Each can be offered again. */
export function RejectedList({ rejected }: { rejected: readonly RejectedProduct[] }) {
  if (rejected.length === 0) return null;
  return (
    <section className="rejected-list" aria-label="Not a match">
      <p className="label">Not a match</p>
      <ul>
        {rejected.map((product) => (
          <Rejected key={product.uid} product={product} />
        ))}
      </ul>
    </section>
  );
}
