import type { Result, SearchResponse } from '../../electron/contract/search.ts';
import { SNAPSHOT, STATUS } from '../engine/test-engine.ts';

/** A made-up result for a test's answer. */
export function resultOf(productId: string, more: Partial<Result> = {}): Result {
  return {
    uid: productId,
    source: '',
    styleId: productId,
    productId,
    sku: productId,
    title: `Product ${productId}`,
    category: null,
    brand: null,
    color: null,
    colorFrom: null,
    price: null,
    currency: null,
    availability: null,
    url: null,
    groupId: null,
    size: null,
    stock: null,
    gtin: null,
    styleSku: productId,
    sizes: [{ uid: productId, sku: productId, size: null, color: null, stock: null, availability: null }],
    colors: [],
    typed: false,
    rank: 1,
    score: 0.9,
    band: 'close',
    thumbnail: 'a'.repeat(64),
    imageCount: 1,
    ...more,
  };
}

/** An answer with these products, best first. */
export function answerOf(ids: readonly string[], more: Partial<SearchResponse> = {}): SearchResponse {
  return {
    results: ids.map((id, index) => resultOf(id, { rank: index + 1 })),
    total: ids.length,
    facets: { category: [], brand: [], color: [], availability: [], source: [], price: null, attributes: [] },
    thumbnails: [],
    timings: { crop: 0, decode: 0, embed: 0, search: 1, thumbnails: 0, total: 1, cached: false },
    ranking: {
      crop: null,
      closer: false,
      photoShift: 0,
      color: { weight: 0.3, from: 'calibrated', of: 'subject' },
      words: null,
      search: 'exact',
      learned: null,
      confirmed: null,
      probability: null,
      answeredBy: 'memory',
      approximate: [],
    },
    understood: { parts: [], together: null, outOfPrice: 0 },
    also: [],
    photo: null,
    feedback: null,
    model: STATUS.model,
    provider: STATUS.provider,
    snapshot: SNAPSHOT,
    ...more,
  };
}
