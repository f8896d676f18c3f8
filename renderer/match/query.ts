import type { CropBox, Filters, Result, SearchRequest } from '../../electron/contract/search.ts';
import type { PhotoView } from './photo.ts';
import { settled, type Words } from './words.ts';

/** The part of a photo to look at: a box, the one the engine proposes, or (null) all of it. */
export type CropChoice = CropBox | 'auto' | null;

export interface PhotoQuery {
  kind: 'photo';
  file: Blob;
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** How the page shows it, with the upright photo's size in pixels. */
  view: PhotoView | 'loading' | 'none';
  crop: CropChoice;
  /** What the engine last proposed for this photo. */
  proposal: CropBox | null;
  words: Words;
  /** How much the words count beside the picture, 0 to 1. */
  balance: number;
}

export interface ProductQuery {
  kind: 'product';
  product: Pick<Result, 'uid' | 'styleId' | 'title' | 'thumbnail'>;
  words: Words;
  balance: number;
}

export interface WordsQuery {
  kind: 'words';
  words: Words;
}

export type Query = PhotoQuery | ProductQuery | WordsQuery;

/** Picture and words count the same until someone says otherwise. */
export const EVEN = 0.5;

/** The box that is searched in and drawn on the photo; null is the whole photo. */
export function cropOf({ crop, proposal }: PhotoQuery): { box: CropBox; proposed: boolean } | null {
  if (crop === 'auto') return proposal && { box: proposal, proposed: true };
  return crop && { box: crop, proposed: false };
}

/** What is asked of the engine. */
export interface Asked {
  query: Query | null;
  filters: Filters;
  /** Null is as calibrated. */
  colorWeight: number | null;
  sameColor: boolean;
  limit: number;
}

/**
 * The contract's request; null while there is nothing to ask.
 * @param proposes the engine can propose crops
 */
export function requestOf(asked: Asked, proposes: boolean): SearchRequest | null {
  const { query, filters, colorWeight, sameColor, limit } = asked;
  if (!query) return null;
  const { text, without } = settled(query.words);
  const common = { filters, limit, ...(without && { without }) };
  if (query.kind === 'words') {
    return text ? { ...common, query: { kind: 'words', words: text } } : null;
  }
  const words = text ? { words: text, balance: query.balance } : {};
  const color = { sameColor, ...(colorWeight !== null && { colorWeight }) };
  if (query.kind === 'product') {
    return { ...common, ...color, query: { kind: 'product', productId: query.product.uid, ...words } };
  }
  const { bytes, crop } = query;
  const part = crop === 'auto' && !proposes ? null : crop;
  return {
    ...common,
    ...color,
    query: { kind: 'photo', photo: { bytes }, ...(part && { crop: part }), ...words },
  };
}
