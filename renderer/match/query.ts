import type { CropBox, Filters, Result, SearchRequest } from '../../electron/contract/search.ts';
import type { PhotoView } from './photo.ts';
import { settled, type Words } from './words.ts';

/** The part of a photo to search with: a box, the one that the engine proposes, or (null) the whole photo. */
export type CropChoice = CropBox | 'auto' | null;

export interface PhotoQuery {
  kind: 'photo';
  file: Blob;
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** Further photos of the same item, such as its back and its label: all of them together are compared. */
  also: readonly Uint8Array<ArrayBuffer>[];
  /** How the page shows the photo, with the upright photo's size in pixels. */
  view: PhotoView | 'loading' | 'none';
  crop: CropChoice;
  /** The box that the engine last proposed for this photo. */
  proposal: CropBox | null;
  words: Words;
  /** The weight of the text beside the picture, 0 to 1. */
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

/** By default, picture and text have the same weight. */
export const EVEN = 0.5;

/** The box that is searched with and drawn on the photo; null is the whole photo. */
export function cropOf({ crop, proposal }: PhotoQuery): { box: CropBox; proposed: boolean } | null {
  if (crop === 'auto') return proposal && { box: proposal, proposed: true };
  return crop && { box: crop, proposed: false };
}

/** The parameters of a search. */
export interface Asked {
  query: Query | null;
  filters: Filters;
  /** Null is the calibrated weight. */
  colorWeight: number | null;
  sameColor: boolean;
  limit: number;
}

/**
 * Makes the contract's request; null when the query is empty.
 * @param proposes whether the engine can find a photo's subject
 */
export function requestOf(asked: Asked, proposes: boolean): SearchRequest | null {
  const { query, filters, colorWeight, sameColor, limit } = asked;
  if (!query) return null;
  const { text } = settled(query.words);
  const common = { filters, limit };
  if (query.kind === 'words') {
    return text ? { ...common, query: { kind: 'words', words: text } } : null;
  }
  const words = text ? { words: text, balance: query.balance } : {};
  const color = { sameColor, ...(colorWeight !== null && { colorWeight }) };
  if (query.kind === 'product') {
    return { ...common, ...color, query: { kind: 'product', productId: query.product.uid, ...words } };
  }
  const { bytes, also, crop } = query;
  const part = proposes ? (crop ?? 'whole') : crop === 'auto' ? null : crop;
  return {
    ...common,
    ...color,
    learned: true,
    query: {
      kind: 'photo',
      photo: { bytes },
      ...(also.length > 0 && { also: also.map((each) => ({ bytes: each })) }),
      ...(part && { crop: part }),
      ...words,
    },
  };
}

/**
 * The same request for all of the photo, which is answered sooner than one that looks for the photo's subject; null when the
 * request does not look for it.
 */
export function wholePhotoOf(request: SearchRequest): SearchRequest | null {
  const { query } = request;
  if (query.kind !== 'photo' || (query.crop !== 'auto' && query.crop !== 'whole')) return null;
  const { crop: _, ...whole } = query;
  return { ...request, query: whole };
}
