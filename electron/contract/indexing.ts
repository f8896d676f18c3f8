import { z } from 'zod';
import { bytes, snapshot } from './catalog.ts';
import { importProblem } from './publishing.ts';

const webAddress = z.url({ protocol: /^https?$/ }).max(2000);

/**
 * A product that a program adds or changes. Fields that are not sent stay as they are, and null takes one away. All fields but these are read as those of a feed of the app's own format, and
 * unknown ones become attributes.
 */
export const indexedProduct = z.looseObject({
  id: z.string().trim().min(1).max(200),
  title: z.string().trim().min(1).max(500),
  /** Files of pictures. Without any picture, those that the product has are kept. */
  pictures: z.array(z.object({ bytes })).max(20).default([]),
  /** Addresses of pictures on the internet. A path is not an address. */
  images: z.array(webAddress).max(20).default([]),
});
export type IndexedProduct = z.infer<typeof indexedProduct>;

export const indexRequest = z.object({ products: z.array(indexedProduct).min(1).max(10_000) });

/** What became of a program's products. They are searchable. */
export const indexReport = z.object({
  indexed: z.number().int(),
  /** Of these products only. Those that could not be taken are as they were, or left out when they are new; the others are taken. */
  problems: z.array(importProblem),
  snapshot: snapshot.nullable(),
});
export type IndexReport = z.infer<typeof indexReport>;
