import { thumbnailId } from '../../contract/catalog.ts';
import { Refusal } from '../refusal.ts';
import type { Asked, Route } from '../route.ts';

/** The address before the id of a thumbnail. */
export const THUMBNAILS = '/v1/thumbnails/';

/** A picture as a picture, for programs that show results. */
export const thumbnail: Route = {
  scope: 'search',
  summary: 'A picture of a product, as WebP.',
  answer: async ({ engine, url }: Asked) => {
    const id = thumbnailId.safeParse(url.pathname.slice(THUMBNAILS.length));
    const { thumbnails } = id.success ? await engine.thumbnails({ ids: [id.data] }) : { thumbnails: [] };
    const [picture] = thumbnails;
    if (!picture) throw new Refusal(404, 'NOT_FOUND', 'The published catalog has no such picture.');
    // The id is a hash: the same id always means the same picture.
    const headers = { 'content-type': 'image/webp', 'cache-control': 'private, max-age=31536000, immutable' };
    return new Response(Uint8Array.from(picture.bytes), { headers });
  },
};
