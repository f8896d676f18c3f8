import type { RankedPhoto } from '../search/pile-photo.ts';
import type { Neighbour } from '../snapshot/searchable.ts';
import type { Answer, EntryOf, KeptProduct } from './entries.ts';

/** The candidates as a document notes them. */
export function answerOf({ candidates, probability, crop }: RankedPhoto): Answer {
  return {
    candidates: candidates.map(({ neighbour, score, band }) => [
      neighbour.uid,
      neighbour.imageHash,
      Math.round(score * 1e4) / 1e4,
      band,
    ]),
    probability,
    crop,
  };
}

/** Entries of the candidates' products that the document does not have yet. */
export function newProducts(
  { candidates }: RankedPhoto,
  { products }: { products: Pick<ReadonlySet<string>, 'has'> },
): EntryOf<'product'>[] {
  return candidates.flatMap(({ neighbour }) =>
    products.has(neighbour.uid) ? [] : [{ kind: 'product', product: productOf(neighbour) }],
  );
}

export function productOf({ product, style }: Pick<Neighbour, 'product' | 'style'>): KeptProduct {
  const { uid, source, styleId, productId, sku, title, category, brand, color } = product;
  const { price, currency, availability, url } = product;
  return {
    ...{ uid, source, styleId, styleSku: style.styleSku, productId, sku, title, category, brand, color },
    ...{ price, currency, availability, url },
  };
}
