import type { Result, SearchRequest, SearchResponse } from '../contract/search.ts';
import type { Asked, EngineClient } from './route.ts';

/** The products most like a photo, as the published contracts see it: all of the photo, and nothing learned from it. */
export function searchByPhoto(
  { engine, signal }: Pick<Asked, 'engine' | 'signal'>,
  bytes: Uint8Array<ArrayBuffer>,
  limit: number,
): Promise<SearchResponse> {
  const query: SearchRequest['query'] = { kind: 'photo', photo: { bytes } };
  return engine.search({ query, limit }, { signal });
}

/** The products that a text names. */
export function searchByWords(
  { engine, signal }: Pick<Asked, 'engine' | 'signal'>,
  words: string,
  limit: number,
): Promise<SearchResponse> {
  return engine.search({ query: { kind: 'words', words }, limit }, { signal });
}

/** The visual similarity as the published contracts have it: 0 to 1. Rounding would make equal scores of near ones. */
export const scoreOf = ({ score }: Result): number => Math.min(1, Math.max(0, score));

/** The product's id, or the SKU of a style's first size where it has sizes. */
export function idOf({ productId, sizes, size }: Result): string {
  const [first] = sizes;
  return first && size !== null ? first.sku : productId;
}

/** Where the picture is answered; it needs the token too. */
export const pictureAddress = (base: string, thumbnail: string): string =>
  `${base}/v1/thumbnails/${thumbnail}`;

/** Another picture of each result that has several, by uid. */
export async function otherPictures(
  engine: EngineClient,
  results: readonly Result[],
): Promise<ReadonlyMap<string, string>> {
  const others = new Map<string, string>();
  const several = results.filter(({ imageCount }) => imageCount > 1);
  const look = async ({ uid, thumbnail }: Result) => {
    // A product that was removed since has no other picture.
    const details = await engine.product({ productId: uid }).catch(() => null);
    const other = details?.thumbnails.find((id) => id !== thumbnail);
    if (other !== undefined) others.set(uid, other);
  };
  await Promise.all(several.map(look));
  return others;
}

/** The last part of the product's address, by which a web shop finds it; null without one. */
export function slugOf(url: string | null): string | null {
  const path = url === null ? '' : (URL.parse(url)?.pathname ?? '');
  const last = path.split('/').findLast((part) => part !== '');
  return last ?? null;
}

/** A milliseconds' value to a tenth. */
export const tenths = (ms: number): number => Math.round(ms * 10) / 10;
