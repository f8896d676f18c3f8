import { z } from 'zod';
import { modelInfo } from './models.ts';
import { photo, words } from './search.ts';

/** A photo, or a text for models with a text encoder. */
export const embedRequest = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('photo'), photo }),
  z.object({ kind: z.literal('words'), words }),
]);
export type EmbedRequest = z.infer<typeof embedRequest>;

export const embedding = z.object({
  /** The unit vector, `model.dim` numbers. */
  embedding: z.array(z.number()),
  model: modelInfo,
});
export type Embedding = z.infer<typeof embedding>;
