import { z } from 'zod';
import type { SearchResponse } from '../../contract/search.ts';
import { words } from '../../contract/search.ts';
import { idOf, pictureAddress, scoreOf, searchByPhoto, searchByWords } from '../answers.ts';
import { formOf, limit, optional, parsed } from '../input.ts';
import type { Asked, Routes } from '../route.ts';

const ask = z.object({ q: words, limit: limit(20) });
const askByAddress = z.object({ imageUrl: z.url({ protocol: /^https?$/ }).max(2000), limit: limit(20) });

/** The contract of image libraries that are searched by words, or by the address of a picture. */
export const searchImages: Routes = {
  'GET /api/search/images': {
    scope: 'search',
    summary: 'The products that a text names.',
    takes: { query: ask },
    answer: async (asked) => {
      const given = Object.fromEntries(asked.url.searchParams);
      const { q, limit: most } = parsed(ask, given);
      return answerOf(await searchByWords(asked, q, most), asked);
    },
  },
  'POST /api/search/images': {
    scope: 'search',
    summary: 'The products most like the picture at an address of the internet (a form).',
    takes: { form: askByAddress },
    answer: async (asked) => {
      const form = await formOf(asked);
      const given = { imageUrl: optional(form.get('imageUrl')), limit: optional(form.get('limit')) };
      const { imageUrl: url, limit: most } = parsed(askByAddress, given);
      // Addresses of this machine and its network are refused there.
      const { bytes } = await asked.engine.fetchPicture({ url }, { signal: asked.signal });
      return answerOf(await searchByPhoto(asked, Uint8Array.from(bytes), most), asked);
    },
  },
};

function answerOf({ results }: SearchResponse, { base }: Asked): Response {
  const found = results.map((result) => {
    const address = pictureAddress(base, result.thumbnail);
    return {
      id: idOf(result),
      image_id: result.thumbnail,
      storage_url: address,
      thumbnail_url: address,
      similarity: scoreOf(result),
    };
  });
  return Response.json({ results: found });
}
