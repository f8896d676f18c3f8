import { MOST_CANDIDATES } from '../../contract/compare.ts';
import { LookalikeError } from '../../contract/errors.ts';
import { holdSnapshot, releaseSnapshot } from '../catalog/held-snapshots.ts';
import type { Answering } from '../models/answering.ts';
import type { RankedPhoto } from '../search/pile-photo.ts';
import type { Searchable } from '../snapshot/searchable.ts';
import { answerOf, newProducts } from './answers.ts';
import type { Document } from './document.ts';
import type { Changed, Entry, EntryOf, SeenPicture } from './entries.ts';
import { packFeatures, unpackFeatures } from './features.ts';
import type { Row } from './row.ts';

/** Rows that are ranked before their progress is told. */
type Advance = () => void;

/**
 * Compares all rows that were compared before with the catalog and the model of today, from what the document keeps: no source
 * is read. Decisions stay. It is one entry of the journal, so that a comparison is about one snapshot at any time; stopped or
 * killed, nothing has changed.
 * @throws LookalikeError CANCELLED, CATALOG_EMPTY, CATALOG_UNREADABLE, IMAGE_*, MODEL_*, STORAGE_*
 */
export async function compareAgain(
  document: Document,
  answering: Answering,
  advance: Advance,
  signal: AbortSignal,
): Promise<void> {
  const { catalog, embedder } = answering;
  using snapshot = await catalog.searchable();
  if (!snapshot) throw new LookalikeError('CATALOG_EMPTY');
  await answering.using((search) => search.calibrated(snapshot));
  const again: EntryOf<'again'> = {
    kind: 'again',
    at: new Date().toISOString(),
    ...{ snapshot: snapshot.info, model: embedder.info },
    ...{ products: [], answers: [], changed: [] },
  };
  for (const row of document.state.rows.values()) {
    if (signal.aborted) throw new LookalikeError('CANCELLED');
    if (!row.answer || !row.picture) continue;
    const { ranked, picture } = await rankAgain(document, row, row.picture, answering, snapshot);
    const answer = answerOf(ranked);
    again.answers.push({ row: row.row, answer, ...(picture && { picture }) });
    for (const { product } of newProducts(ranked, NOTHING_KNOWN)) again.products.push(product);
    const changed = await changeOf(row, answer, snapshot);
    if (changed) again.changed.push({ row: row.row, changed });
    advance();
  }
  again.products = [...new Map(again.products.map((product) => [product.uid, product])).values()];
  // Both snapshots are held until the document is about the new one.
  const next = `${document.id}.next`;
  await holdSnapshot(catalog.uri, next, snapshot.info.version);
  await document.write((): Entry[] => [again]);
  await holdSnapshot(catalog.uri, document.id, snapshot.info.version);
  await releaseSnapshot(catalog.uri, next);
}

/** Fields may have changed since, so those of all products are noted. */
const NOTHING_KNOWN = { products: new Set<string>() };

/** By the features that the document has of this model, or else by its large picture. */
async function rankAgain(
  document: Document,
  { row }: Row,
  picture: SeenPicture,
  answering: Answering,
  snapshot: Searchable,
): Promise<{ ranked: RankedPhoto; picture: SeenPicture | null }> {
  const { id, dim } = answering.embedder.info;
  const isOfModel = document.state.about?.model.id === id;
  const packed = isOfModel ? await document.picture(picture.features) : null;
  const known = packed && unpackFeatures(packed, dim);
  return answering.using(async (search) => {
    if (known) return { ranked: await search.rankInBulk(known, snapshot, MOST_CANDIDATES), picture: null };
    const large = await document.picture(picture.large);
    if (!large)
      throw new LookalikeError(
        { code: 'IMAGE_UNREADABLE', params: { reason: 'not-opened' } },
        { item: `row ${row}` },
      );
    const photo = await search.embedInBulk(large);
    const features = await document.addPicture(packFeatures(photo));
    return {
      ranked: await search.rankInBulk(photo, snapshot, MOST_CANDIDATES),
      picture: { ...picture, features },
    };
  });
}

async function changeOf(
  { answer: before, decision }: Row,
  after: NonNullable<Row['answer']>,
  snapshot: Searchable,
): Promise<Changed | null> {
  const chosen = decision?.product ?? null;
  if (chosen !== null && (await snapshot.styleIdOf(chosen)) === undefined) return 'gone';
  const [old] = before?.candidates ?? [];
  const [first] = after.candidates;
  const isNew = first !== undefined && first[0] !== old?.[0] && first[0] !== chosen;
  return isNew && first[2] > (old?.[2] ?? -1) ? 'better' : null;
}
