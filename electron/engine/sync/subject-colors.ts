import { LookalikeError } from '../../contract/errors.ts';
import type { ImportProgress } from '../../contract/publishing.ts';
import type { Staging } from '../catalog/staging.ts';
import { catalogSubjectColors } from '../images/subject-colors.ts';
import { toColorBytes } from '../snapshot/color-bytes.ts';
import type { PriorityGate } from '../work/priority-gate.ts';
import type { ProgressMeter } from '../work/progress-meter.ts';
import { watched } from '../work/watched.ts';

const NO_SUBJECT = new Uint8Array();

/** Pictures per write. A kill loses no more. */
const WRITE_EVERY = 64;

/**
 * Makes the colours of the subjects of pictures that an earlier release imported without them. They are copied from another
 * model's features, or made of the thumbnails: nothing is embedded, and nothing is fetched. A sync that is killed or cancelled
 * here keeps what it has written, and the next one goes on from there.
 */
export async function* seeSubjects(
  { pictures }: Staging,
  gate: PriorityGate,
  meter: ProgressMeter,
  signal: AbortSignal,
): AsyncGenerator<ImportProgress, void> {
  const hashes = pictures.withoutSubject();
  if (hashes.length === 0) return;
  meter.start('embedding', hashes.length);
  yield* watched(meter, signal, async (stop) => {
    for (let from = 0; from < hashes.length; from += WRITE_EVERY) {
      if (stop.aborted) throw new LookalikeError('CANCELLED');
      const batch = hashes.slice(from, from + WRITE_EVERY);
      const others = await pictures.colorsOfOtherModels(batch);
      const thumbnails = await pictures.thumbnailsOf(batch);
      const made = new Map<string, Uint8Array>();
      for (const hash of batch) {
        await gate.giveWay();
        const known = others.get(hash)?.subjectColors;
        made.set(hash, known ?? (await ofThumbnail(thumbnails.get(hash))));
        meter.advance();
      }
      await gate.bulk();
      await pictures.addSubjects(made);
    }
  });
}

/** Without a readable thumbnail no subject is found. */
async function ofThumbnail(thumbnail: Uint8Array | undefined): Promise<Uint8Array> {
  if (!thumbnail) return NO_SUBJECT;
  return subjectColorBytes(thumbnail).catch((error: unknown) => {
    if (!(error instanceof LookalikeError)) throw error;
    console.error(error);
    return NO_SUBJECT;
  });
}

/**
 * The colours of a catalog picture's subject, in bytes; none where no subject is found.
 * @throws LookalikeError IMAGE_*
 */
export async function subjectColorBytes(thumbnail: Uint8Array): Promise<Uint8Array> {
  const colors = await catalogSubjectColors(thumbnail);
  return colors ? toColorBytes(colors) : NO_SUBJECT;
}
