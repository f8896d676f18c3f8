import type { LookalikeError } from '../../contract/errors.ts';
import type { SwitchPlan } from '../../contract/models.ts';
import type { ImportProgress, ImportReport } from '../../contract/publishing.ts';
import { uidOfKey } from '../catalog/product-ids.ts';
import type { StagedRow } from '../catalog/rows.ts';
import type { Staging } from '../catalog/staging.ts';
import { readPixels } from '../images/photo.ts';
import type { Embedder } from '../model/embedder.ts';
import type { LiveCatalog } from '../snapshot/live-catalog.ts';
import type { PriorityGate } from '../work/priority-gate.ts';
import { ProgressMeter } from '../work/progress-meter.ts';
import { watched } from '../work/watched.ts';
import { checkFound, checkRemovals } from './gates.ts';
import { nothingChanged } from './nothing-changed.ts';
import { ProblemLog } from './problem-log.ts';
import { UnseenPictures } from './unseen.ts';

export interface ReembedParts {
  /** The catalog of the model that is to be used, and that model. */
  to: LiveCatalog;
  embedder: Embedder;
  gate: PriorityGate;
}

/**
 * Embeds all pictures of the kept snapshots with a model, from the catalog's thumbnails. Pictures that this model has
 * embedded already are skipped. Then the gates check whether the model finds its pictures. Nothing is published, because the
 * live snapshot is the same for every model. If this is cancelled or killed, the next run continues from the embeddings that
 * were written.
 * @returns the report, after progress about four times a second
 * @throws LookalikeError GATE_*, CATALOG_BUSY, CATALOG_UNREADABLE, STORAGE_FAILED, CANCELLED
 */
export async function* reembed(
  { to, embedder, gate }: ReembedParts,
  signal: AbortSignal,
): AsyncGenerator<ImportProgress, ImportReport> {
  const started = performance.now();
  const meter = new ProgressMeter();
  meter.start('embedding', null);
  yield meter.now;
  const staging = await to.stage();
  try {
    if (staging.published.size === 0)
      return nothingChanged({ ref: embedder.info.name, sourceId: '' }, null, started);
    const pictures = await staging.unseen('kept');
    meter.start('embedding', pictures.length);
    const unseen = new UnseenPictures(staging, embedder, gate, meter);
    yield* watched(meter, signal, (stop) => unseen.embed(pictures, stop));

    meter.start('publishing', null);
    yield meter.now;
    await checkFound(staging, unseen.made);
    const { lost, products, problems } = losses(staging, unseen);
    checkRemovals(lost, products);
    // As a publish does: without notes of its files, damage to the new table would be found only where it is read.
    await staging.pictures.tidy();
    const total = staging.published.size;
    const published = await to.liveInfo();
    const embedded = unseen.made.hashes.size;
    return {
      source: published?.source ?? embedder.info.name,
      sourceId: '',
      products: staging.changes(),
      images: { total, embedded, reused: Math.max(0, total - embedded) },
      ...problems.report(),
      seconds: (performance.now() - started) / 1000,
      published,
    };
  } finally {
    await staging.close();
  }
}

/** The published products without any picture that this model can embed, and the errors of these pictures. */
function losses(staging: Staging, { failed }: UnseenPictures) {
  const problems = new ProblemLog();
  const [all, seen] = [new Set<string>(), new Set<string>()];
  for (const row of staging.published.values()) {
    all.add(uidOfKey(row.key));
    const error = failed.get(row.imageHash);
    if (error) problems.add(problemOf(row, error));
    else seen.add(uidOfKey(row.key));
  }
  return { lost: all.size - seen.size, products: all.size, problems };
}

const problemOf = ({ productId, imageRef }: StagedRow, { fault }: LookalikeError) => ({
  item: productId,
  image: imageRef,
  ...fault,
});

/** Enough to fill a model's batches twice. */
const TIMED_PICTURES = 8;

/**
 * Estimates the time of `reembed` by embedding a few pictures. Takes no lock; pictures that a cancelled switch has staged
 * count as still to do.
 * @throws LookalikeError CATALOG_UNREADABLE, MODEL_OUTPUT_INVALID
 */
export async function planReembed({ to, embedder }: Omit<ReembedParts, 'gate'>): Promise<SwitchPlan> {
  const hashes = await to.rows.unseenPictures();
  const pictures = hashes.length;
  if (pictures === 0) return { pictures, secondsEstimate: null };
  const thumbnails = await to.thumbnails(hashes.slice(0, TIMED_PICTURES));
  const look = () =>
    Promise.all(
      thumbnails.map(({ bytes }) => embedder.embedInBulk(() => readPixels(bytes, embedder.pixelSpec))),
    );
  // The first run is the slowest and is not counted.
  await look();
  const started = performance.now();
  await look();
  const seconds = (performance.now() - started) / 1000;
  return { pictures, secondsEstimate: (seconds / thumbnails.length) * pictures };
}
