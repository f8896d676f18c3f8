import { z } from 'zod';
import { snapshot, thumbnailId } from '../../contract/catalog.ts';
import {
  comparedProduct,
  currencyCode,
  matchType,
  rowChange,
  rowFacts,
  rowNumber,
} from '../../contract/compare.ts';
import { acceptedAs } from '../../contract/compare-trust.ts';
import { fault } from '../../contract/faults.ts';
import { modelInfo } from '../../contract/models.ts';
import { band, cropBox } from '../../contract/search.ts';

/**
 * The version of a document's files. An entry or a field that an earlier version of the app does not know raises it, so that
 * such an app refuses the document instead of losing what it does not understand.
 */
export const VERSION = 4;

/** Where bytes lie in the document's file of pictures. */
export const place = z.tuple([z.number().int().min(0), z.number().int().min(0)]);
export type Place = z.infer<typeof place>;

/** Where pictures come from. A path is absolute. */
export const source = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['folder', 'zip', 'table', 'file']), path: z.string() }),
  /** Pictures that were given as bytes: their names and where they are kept. */
  z.object({ kind: z.literal('pasted'), pictures: z.array(z.object({ name: z.string(), at: place })) }),
]);
export type Source = z.infer<typeof source>;

/** What is known of a picture that was read. */
const seenPicture = z.object({
  /** sha256 of the file's bytes, hex. */
  hash: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  thumbnail: place,
  large: place,
  /** The media type of the large picture. */
  type: z.string(),
  /** What the model made of it; see `features.ts`. */
  features: place,
});
export type SeenPicture = z.infer<typeof seenPicture>;

const answer = z.object({
  /** A product's uid, its picture, the similarity and the band; best first. */
  candidates: z.array(z.tuple([z.string(), thumbnailId, z.number(), band])),
  probability: z.number().nullable(),
  /** Null: the whole picture was compared. */
  crop: cropBox.nullable(),
});
export type Answer = z.infer<typeof answer>;

export const choice = z.object({
  match: matchType,
  product: z.string().nullable(),
  picture: thumbnailId.nullable(),
});
/** What was decided; the picture is that of the product. */
export type Choice = z.infer<typeof choice>;

/** A product's fields; the picture depends on the row that it is a candidate of. */
const keptProduct = comparedProduct.omit({ thumbnail: true });
export type KeptProduct = z.infer<typeof keptProduct>;

/** A band that was accepted in bulk, and the sample of its rows that was drawn then. */
const accepted = z.object({ band, as: acceptedAs, seed: z.string(), sample: z.array(rowNumber) });
export type Accepted = z.infer<typeof accepted>;

/** One step of undo. */
const step = z.object({
  kind: z.literal('step'),
  at: z.iso.datetime(),
  /** Whether nobody decided its rows one by one; where it is absent, several rows were decided at once. Since version 2. */
  inBulk: z.boolean().optional(),
  /** Whether its decisions come from a table. */
  merged: z.literal(true).optional(),
  /** Present where its decisions accept a band. Since version 2. */
  accepted: accepted.optional(),
  /** Null takes the decision back. */
  decisions: z.array(z.object({ row: rowNumber, choice: choice.nullable() })).optional(),
  answers: z.array(z.object({ row: rowNumber, answer })).optional(),
  /** All products that are rejected for a row from then on. */
  rejections: z
    .array(z.object({ row: rowNumber, rejected: z.array(z.tuple([z.string(), thumbnailId])) }))
    .optional(),
  /** What it rejects in all comparisons, or offers again there; `rejected-pairs.ts` keeps them. Since version 2. */
  everywhere: z
    .object({ row: rowNumber, products: z.array(z.tuple([z.string(), thumbnailId])), rejected: z.boolean() })
    .optional(),
  /** What it calls the pile of these rows; null takes the name away. Since version 3. */
  pile: z.object({ rows: z.array(rowNumber), name: z.string().nullable() }).optional(),
  /** The currency of all prices whose source states none; null: it is not known. Since version 4. */
  currency: currencyCode.nullable().optional(),
});

/**
 * The entries of a document's journal. The document is what they make, in their order (`state.ts`).
 */
export const entry = z.discriminatedUnion('kind', [
  /** The first entry, and no other. */
  z.object({
    kind: z.literal('begin'),
    version: z.number().int(),
    name: z.string(),
    competitor: z.string().nullable(),
    createdAt: z.iso.datetime(),
    sources: z.array(source),
  }),
  z.object({
    kind: z.literal('name'),
    name: z.string(),
    competitor: z.string().nullable(),
    at: z.iso.datetime(),
  }),
  /** A picture of a source, before it is read. */
  z.object({
    kind: z.literal('row'),
    row: rowNumber,
    /** The place of the source in `begin`. */
    source: z.number().int(),
    /** What the source calls it: a path relative to it, a reference, an index. */
    at: z.string(),
    line: z.number().int().optional(),
    facts: rowFacts.optional(),
  }),
  /** All pictures of a source have their rows. */
  z.object({ kind: z.literal('listed'), source: z.number().int() }),
  z.object({ kind: z.literal('about'), snapshot, model: modelInfo }),
  z.object({ kind: z.literal('product'), product: keptProduct }),
  z.object({
    kind: z.literal('compared'),
    row: rowNumber,
    picture: seenPicture,
    answer,
    at: z.iso.datetime(),
  }),
  /** The row's picture is that of another row, byte by byte. */
  z.object({ kind: z.literal('same'), row: rowNumber, as: rowNumber }),
  z.object({ kind: z.literal('failed'), row: rowNumber, fault }),
  /** All rows were compared with another catalog or by another model. */
  z.object({
    kind: z.literal('again'),
    at: z.iso.datetime(),
    snapshot,
    model: modelInfo,
    products: z.array(keptProduct),
    /** The picture where its features are new. */
    answers: z.array(z.object({ row: rowNumber, answer, picture: seenPicture.optional() })),
    changed: z.array(z.object({ row: rowNumber, changed: rowChange })),
  }),
  step,
  z.object({ kind: z.literal('undo') }),
  z.object({ kind: z.literal('redo') }),
]);
export type Entry = z.infer<typeof entry>;
export type Changed = z.infer<typeof rowChange>;
export type EntryOf<Kind extends Entry['kind']> = Extract<Entry, { kind: Kind }>;
