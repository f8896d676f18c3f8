// The lines of the journal in which feedback is kept.
import { z } from 'zod';
import { band } from '../../contract/search.ts';

/** What the feedback of a shop has shown of ranking its catalog; see `feedback-worth.ts`. */
export const worth = z.object({
  /** The catalog and the number of photos with feedback that it was measured on. */
  of: z.string(),
  given: z.number().int(),
  /** Whether confirmed photos count as pictures of their products. */
  counts: z.boolean(),
  /** The weight of colour that ranks confirmed photos best; null while that is the catalog's own. */
  color: z.number().min(0).max(1).nullable(),
  /** Added to the log odds that a result is the photo's product: 0, or less where answers were worse than they said. */
  odds: z.number().min(-2).max(0),
});
export type Worth = z.infer<typeof worth>;

/** What is kept of a photo, in base64: its embedding (float32, little-endian) and its colours. No photo can be made of these. */
const features = z.object({
  vector: z.string(),
  colors: z.object({ picture: z.string(), subject: z.string().nullable() }),
});

const given = z.object({
  kind: z.literal('given'),
  id: z.string(),
  at: z.iso.datetime(),
  /** Tells the photo from others: the first half of its bytes' sha256, hex. */
  photo: z.string().regex(/^[\da-f]{32}$/),
  product: z.string().nullable(),
  by: z.enum(['said', 'copied']),
  /** The answer that it was said of; see `feedbackRequest`. */
  shown: z.object({
    rank: z.number().int().nullable(),
    band: band.nullable(),
    probability: z.number().nullable(),
  }),
  /** Tells the model's weights from all others. */
  weights: z.string(),
  /** Null for feedback so old that only its facts are kept. */
  features: features.nullable(),
});
/** One photo's feedback as it is written. */
export type GivenEntry = z.infer<typeof given>;

export const entry = z.discriminatedUnion('kind', [
  given,
  z.object({ kind: z.literal('taken-back'), id: z.string() }),
  worth.extend({ kind: z.literal('worth') }),
]);
export type Entry = z.infer<typeof entry>;

/** What a query compares of a photo that has feedback. */
export interface PhotoFeatures {
  /** Unit length, as it was before anything learned was applied to it. */
  vector: Float32Array;
  colors: { picture: Uint8Array; subject: Uint8Array | null };
}

const BYTES_A_NUMBER = 4;

export function encodeFeatures({ vector, colors }: PhotoFeatures): z.infer<typeof features> {
  const bytes = Buffer.alloc(vector.length * BYTES_A_NUMBER);
  for (const [i, value] of vector.entries()) bytes.writeFloatLE(value, i * BYTES_A_NUMBER);
  const text = (of: Uint8Array) => Buffer.from(of).toString('base64');
  const { picture, subject } = colors;
  return { vector: text(bytes), colors: { picture: text(picture), subject: subject && text(subject) } };
}

/** Null where the vector has another length than the model's. */
export function decodeFeatures(kept: z.infer<typeof features>, dim: number): PhotoFeatures | null {
  const bytes = Buffer.from(kept.vector, 'base64');
  if (bytes.length !== dim * BYTES_A_NUMBER) return null;
  const vector = Float32Array.from({ length: dim }, (_, i) => bytes.readFloatLE(i * BYTES_A_NUMBER));
  // Each similarity is a sum over the vector: one that is no number would spoil all of them.
  if (!vector.every(Number.isFinite)) return null;
  const { picture, subject } = kept.colors;
  const read = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
  return { vector, colors: { picture: read(picture), subject: subject === null ? null : read(subject) } };
}
