import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeWhole } from './changes.ts';
import { dataFolder } from './data-folder.ts';

/** The version of how a catalog is measured. */
export const METHOD = 10;
/** What this version has measured is used until it is measured again. It lacks `shift`. */
const METHOD_BEFORE = 9;

/** As many catalogs as snapshots are kept, so that a roll back finds its own. */
const MOST_KEPT = 10;
/** What a reader accepts: more than is ever measured. */
const MOST_MEASURED = 1000;
const MOST_NUMBERS = 8192;

const embedding = z.array(z.number().min(-1).max(1)).max(MOST_NUMBERS);

/** What was measured of one catalog with one model: how its answers are ranked. See `Calibrator`. */
export const calibrationRecord = z.object({
  method: z.literal([METHOD, METHOD_BEFORE]),
  /** Tells the model's weights from all others. */
  weights: z.string(),
  /** Images that the catalog had. */
  images: z.number().int().min(1),
  /** The uid of a product of each held-out style. */
  products: z.array(z.string()).max(MOST_MEASURED),
  color: z.object({ weight: z.number().min(0).max(1), from: z.enum(['calibrated', 'default']) }),
  /** The share of the catalog's pictures whose subject's colours were known; earlier releases knew none. */
  subjects: z.number().min(0).max(1).default(0),
  /** Of each held-out query, the similarity of the nearest style. */
  nearest: z.array(z.number().min(-2).max(2)).max(MOST_MEASURED),
  /** What customers' photos have in common; see `PhotoShift`. Null where it was not measured. */
  shift: z
    .object({ altered: embedding, originals: embedding, strength: z.number().min(0).max(1) })
    .nullable()
    .default(null),
});
export type CalibrationRecord = z.infer<typeof calibrationRecord>;

const calibrationsFile = z.object({ catalogs: z.array(z.unknown()) });

/** The catalogs that were measured with a model, the last one first. None where the file is gone or damaged: they are measured again. */
export async function readCalibrations(dataDir: string, modelId: string): Promise<CalibrationRecord[]> {
  try {
    const path = dataFolder.calibration(dataDir, modelId);
    const { catalogs } = calibrationsFile.parse(JSON.parse(await readFile(path, 'utf8')));
    return catalogs.flatMap((each) => calibrationRecord.safeParse(each).data ?? []);
  } catch {
    return [];
  }
}

/** Keeps a record before those that are kept. */
export async function keepCalibration(
  dataDir: string,
  modelId: string,
  record: CalibrationRecord,
): Promise<void> {
  const others = (await readCalibrations(dataDir, modelId)).filter((each) => !isOfSameCatalog(each, record));
  const catalogs = [record, ...others].slice(0, MOST_KEPT);
  await writeWhole(dataFolder.calibration(dataDir, modelId), JSON.stringify({ catalogs }));
}

function isOfSameCatalog(one: CalibrationRecord, other: CalibrationRecord): boolean {
  return one.images === other.images && one.products.join('\n') === other.products.join('\n');
}
