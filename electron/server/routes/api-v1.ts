import { z } from 'zod';
import type { Result } from '../../contract/search.ts';
import { words } from '../../contract/search.ts';
import { idOf, pictureAddress, scoreOf, searchByPhoto, searchByWords } from '../answers.ts';
import { healthOf } from '../health.ts';
import { bytesOf, fileOf, formOf, jsonOf, limit, parsed } from '../input.ts';
import type { Asked, Routes } from '../route.ts';

/** The contract of the search services that are written with FastAPI around CLIP. */
export const apiV1: Routes = {
  'GET /api/v1/health': {
    scope: null,
    summary: 'Whether the model and the catalog are there.',
    answer: async ({ engine }) => {
      const { healthy, checks } = await healthOf(engine);
      return Response.json({ status: healthy ? 'healthy' : 'degraded', service: 'Lookalike', ...checks });
    },
  },
  'GET /api/v1/stats': { scope: 'admin', summary: 'The model and the published catalog.', answer: stats },
  'POST /api/v1/embed': { scope: 'embed', summary: 'The embedding of a text.', answer: embedText },
  'POST /api/v1/embed-image': {
    scope: 'embed',
    summary: 'The embedding of a picture (a form with a file).',
    answer: embedImage,
  },
  'POST /api/v1/search': { scope: 'search', summary: 'The products that a text names.', answer: search },
  'POST /api/v1/search-image': {
    scope: 'search',
    summary: 'The products most like a picture (a form with a file).',
    answer: searchImage,
  },
};

async function stats({ engine }: Asked): Promise<Response> {
  const { model, snapshot } = await engine.status();
  const { products = 0, images = 0, publishedAt = null } = snapshot ?? {};
  return Response.json({
    collection: { products, images, published_at: publishedAt },
    embedding_service: { model: model.name, dimension: model.dim, text: model.words },
  });
}

async function embedText(asked: Asked): Promise<Response> {
  const { text } = await jsonOf(asked, z.object({ text: words }));
  const { embedding } = await asked.engine.embed({ kind: 'words', words: text }, { signal: asked.signal });
  return Response.json({ text, embedding, dimension: embedding.length });
}

async function embedImage(asked: Asked): Promise<Response> {
  const file = fileOf(await formOf(asked), 'file');
  const photo = { bytes: await bytesOf(file) };
  const { embedding, model } = await asked.engine.embed({ kind: 'photo', photo }, { signal: asked.signal });
  return Response.json({ image: file.name, embedding, dimension: embedding.length, model: model.name });
}

async function search(asked: Asked): Promise<Response> {
  const { query, limit: most } = await jsonOf(asked, z.object({ query: words, limit: limit(10) }));
  const { results, model } = await searchByWords(asked, query, most);
  const found = results.map((result) => resultOf(result, asked.base));
  return Response.json({ query, results: found, count: found.length, model: model.name });
}

async function searchImage(asked: Asked): Promise<Response> {
  const file = fileOf(await formOf(asked), 'file');
  const most = parsed(limit(10), asked.url.searchParams.get('limit') ?? undefined);
  const { results, model } = await searchByPhoto(asked, await bytesOf(file), most);
  const found = results.map((result) => resultOf(result, asked.base));
  return Response.json({
    query_image: file.name,
    model: model.name,
    embedding_dimension: model.dim,
    count: found.length,
    results: found,
  });
}

function resultOf(result: Result, base: string) {
  const { title, sku, category, brand, color, size, price, currency, availability, url, thumbnail } = result;
  const image = pictureAddress(base, thumbnail);
  const metadata = { sku, category, brand, color, size, price, currency, availability, url, image };
  return { id: idOf(result), name: title, score: scoreOf(result), metadata };
}
