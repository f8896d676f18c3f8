import { z } from 'zod';
import { words } from '../../contract/search.ts';
import { tenths } from '../answers.ts';
import { healthOf } from '../health.ts';
import { bytesOf, fileForm, fileOf, formOf, fromBase64, jsonOf } from '../input.ts';
import type { Asked, Routes } from '../route.ts';

const textBody = z.object({ text: words });
const pictureBody = z.object({ image: z.string().min(1) });

/** The contracts of services that only embed, for clients that keep the vectors themselves. */
export const embeddings: Routes = {
  'GET /health': {
    scope: null,
    summary: 'Whether the model and the catalog are there.',
    answer: async ({ engine }) => {
      const { healthy, checks } = await healthOf(engine);
      return Response.json({ status: healthy ? 'healthy' : 'degraded', ...checks });
    },
  },
  'POST /embed/image': {
    scope: 'embed',
    summary: 'The embedding of a picture in base64.',
    takes: { json: pictureBody },
    answer: async (asked) => {
      const embedding = await embedBase64(asked);
      return Response.json({ embedding, dimensions: embedding.length });
    },
  },
  'POST /embed/text': {
    scope: 'embed',
    summary: 'The embedding of a text.',
    takes: { json: textBody },
    answer: async (asked) => {
      const { text } = await jsonOf(asked, textBody);
      const { embedding } = await asked.engine.embed(
        { kind: 'words', words: text },
        { signal: asked.signal },
      );
      return Response.json({ embedding, dimensions: embedding.length });
    },
  },
  'POST /encode': {
    scope: 'embed',
    summary: 'The embedding of a picture in base64.',
    takes: { json: pictureBody },
    answer: async (asked) => {
      const began = performance.now();
      const embedding = await embedBase64(asked);
      const dims = embedding.length;
      const processing_time_ms = tenths(performance.now() - began);
      return Response.json({ embedding, dimensions: dims, dims, processing_time_ms });
    },
  },
  'POST /extract-features': {
    scope: 'embed',
    summary: 'The embedding of a picture (a form with a file).',
    takes: { form: fileForm('file') },
    answer: async (asked) => {
      const form = await formOf(asked);
      // No contract is published; both names are usual.
      const file = fileOf(form, form.has('file') ? 'file' : 'image');
      const features = await embedPhoto(asked, await bytesOf(file));
      return Response.json({ features, dimensions: features.length });
    },
  },
};

async function embedBase64(asked: Asked): Promise<number[]> {
  const { image } = await jsonOf(asked, pictureBody);
  return embedPhoto(asked, fromBase64(image));
}

async function embedPhoto({ engine, signal }: Asked, bytes: Uint8Array<ArrayBuffer>): Promise<number[]> {
  return (await engine.embed({ kind: 'photo', photo: { bytes } }, { signal })).embedding;
}
