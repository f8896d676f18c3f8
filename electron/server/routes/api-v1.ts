import { z } from 'zod';
import type { Result } from '../../contract/search.ts';
import { words } from '../../contract/search.ts';
import { idOf, pictureAddress, scoreOf, searchByPhoto, searchByWords } from '../answers.ts';
import { healthOf } from '../health.ts';
import { bytesOf, fileForm, fileOf, formOf, jsonOf, limit, optional, parsed } from '../input.ts';
import { badRequest, refusalOfFault } from '../refusal.ts';
import type { Asked, Routes } from '../route.ts';

const record = z.record(z.string(), z.unknown());
const indexed = z.object({
  product_id: z.string().trim().min(1).max(200),
  name: z.string().trim().min(1).max(500),
  description: z.string().max(16_000).default(''),
  metadata: record.default({}),
});

/** In a form the metadata is written as JSON. */
const indexedForm = indexed.extend({ metadata: z.string().default('') });
const textBody = z.object({ text: words });
const searchBody = z.object({ query: words, limit: limit(10) });
const searchImageQuery = z.object({ limit: limit(10) });

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
  'POST /api/v1/embed': {
    scope: 'embed',
    summary: 'The embedding of a text.',
    takes: { json: textBody },
    answer: embedText,
  },
  'POST /api/v1/embed-image': {
    scope: 'embed',
    summary: 'The embedding of a picture (a form with a file).',
    takes: { form: fileForm('file') },
    answer: embedImage,
  },
  'POST /api/v1/search': {
    scope: 'search',
    summary: 'The products that a text names.',
    takes: { json: searchBody },
    answer: search,
  },
  'POST /api/v1/search-image': {
    scope: 'search',
    summary: 'The products most like a picture (a form with a file).',
    takes: { query: searchImageQuery, form: fileForm('file') },
    answer: searchImage,
  },
  'POST /api/v1/index-product': {
    scope: 'index',
    summary: 'Add a product, or change one without sending its picture again (a form, or JSON).',
    takes: { json: indexed, form: indexedForm },
    answer: async (asked) => index(asked, 'text'),
  },
  'POST /api/v1/index-product-with-image': {
    scope: 'index',
    summary: 'Add or change a product with its picture (a form with a file).',
    takes: { form: indexedForm.extend({ image_file: z.file() }) },
    answer: async (asked) => index(asked, 'image'),
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
  const { text } = await jsonOf(asked, textBody);
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
  const { query, limit: most } = await jsonOf(asked, searchBody);
  const { results, model } = await searchByWords(asked, query, most);
  const found = results.map((result) => resultOf(result, asked.base));
  return Response.json({ query, results: found, count: found.length, model: model.name });
}

async function searchImage(asked: Asked): Promise<Response> {
  const file = fileOf(await formOf(asked), 'file');
  const { limit: most } = parsed(searchImageQuery, Object.fromEntries(asked.url.searchParams));
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

/** Answered when the product is searchable, or when it is known why it is not. */
async function index(asked: Asked, embedding_type: 'text' | 'image'): Promise<Response> {
  const isForm = !asked.request.headers.get('content-type')?.startsWith('application/json');
  const form = isForm || embedding_type === 'image' ? await formOf(asked) : null;
  const { product_id, name, description, metadata } = form
    ? parsed(indexed, { ...fieldsOf(form), metadata: metadataOf(form) })
    : await jsonOf(asked, indexed);
  const pictures =
    form && embedding_type === 'image' ? [{ bytes: await bytesOf(fileOf(form, 'image_file')) }] : [];
  const { image, images, image_url, pictures: _, ...fields } = metadata;
  const addresses = [images ?? image_url ?? image ?? []].flat();
  const { indexed: taken, problems } = await asked.engine.indexProducts({
    products: [
      {
        ...fields,
        ...(description !== '' && { description }),
        id: product_id,
        title: name,
        pictures,
        images: parsed(z.array(z.url({ protocol: /^https?$/ })), addresses),
      },
    ],
  });
  const [problem] = taken === 0 ? problems : problems.filter((each) => each.image !== null);
  if (problem) throw refusalOfFault(problem);
  const { model } = await asked.engine.status();
  // Without a text encoder the product is found by its pictures and by its words as they are written.
  const kind = model.words ? embedding_type : 'image';
  const message = `Product ${product_id} indexed successfully`;
  const told = {
    status: 'success',
    message,
    product_id,
    embedding_type: kind,
    embedding_dimension: model.dim,
  };
  return Response.json(told);
}

function fieldsOf(form: FormData) {
  const field = (name: string) => optional(form.get(name));
  return { product_id: field('product_id'), name: field('name'), description: field('description') };
}

function metadataOf(form: FormData): unknown {
  const written = optional(form.get('metadata'));
  if (typeof written !== 'string' || written === '') return {};
  try {
    return JSON.parse(written);
  } catch {
    throw badRequest('"metadata": JSON is expected.');
  }
}
