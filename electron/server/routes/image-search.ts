import { z } from 'zod';
import type { Timings } from '../../contract/search.ts';
import { idOf, otherPictures, pictureAddress, scoreOf, searchByPhoto, slugOf, tenths } from '../answers.ts';
import { healthOf } from '../health.ts';
import { fromBase64, jsonOf, limit } from '../input.ts';
import type { Asked, Routes } from '../route.ts';

const request = z.object({
  image: z.string().min(1),
  topK: limit(12),
  scoreThreshold: z.coerce.number().min(-1).max(1).default(0.15),
});

/** The contract of web shops that search CLIP embeddings in a vector database. */
export const imageSearch: Routes = {
  'POST /api/image-search/find-similar': {
    scope: 'search',
    summary: 'The products most like a photo in base64.',
    takes: { json: request },
    answer: findSimilar,
  },
  'GET /api/image-search/health': {
    scope: null,
    summary: 'Whether the model, the catalog and the cache are there.',
    answer: async ({ engine }) => {
      const { healthy, checks } = await healthOf(engine);
      const status = healthy ? 'healthy' : 'degraded';
      return Response.json({ success: healthy, status, checks }, { status: healthy ? 200 : 503 });
    },
  },
  'GET /api/image-search/stats': {
    scope: 'admin',
    summary: 'The model and the published catalog.',
    answer: async ({ engine }) => {
      const { model, provider, snapshot, answeredBy } = await engine.status();
      const { products = 0, images = 0, version = null, publishedAt = null } = snapshot ?? {};
      const catalog = { products, images, version, publishedAt, answeredBy };
      return Response.json({ success: true, data: { model: { ...model, provider }, catalog } });
    },
  },
};

async function findSimilar(asked: Asked): Promise<Response> {
  const { image, topK, scoreThreshold } = await jsonOf(asked, request);
  const { results, timings } = await searchByPhoto(asked, fromBase64(image), topK);
  const similar = results.filter((result) => scoreOf(result) >= scoreThreshold);
  const others = await otherPictures(asked.engine, similar);
  const data = similar.map((result) => {
    const score = scoreOf(result);
    const mainImage = pictureAddress(asked.base, result.thumbnail);
    const other = others.get(result.uid);
    return {
      variantId: idOf(result),
      score,
      similarity: Math.round(score * 100),
      productName: result.title,
      color: result.color,
      price: result.price,
      mainImage,
      hoverImage: other === undefined ? mainImage : pictureAddress(asked.base, other),
      size: result.size,
      sku: result.sku,
      inStock: result.availability !== 'out of stock',
      urlSlug: slugOf(result.url),
    };
  });
  const { cached } = timings;
  return Response.json({ success: true, data, count: data.length, cached, timing: timingOf(timings) });
}

/** Milliseconds, under the names of the steps that the contract knows. */
function timingOf({ decode, embed, search, total, cached }: Timings) {
  return {
    cacheCheck: cached ? tenths(total) : 0,
    clipEncode: tenths(decode + embed),
    qdrantSearch: tenths(search),
    total: tenths(total),
  };
}
