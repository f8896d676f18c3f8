import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadSharp } from '../../electron/engine/images/sharp-build.ts';
import { seeded } from '../random.ts';
import type { LabelledPhoto } from './labelled-set.ts';

/** Shown in every report whose queries were made. */
export const MADE =
  'The set has no queries. Those for the instance were made from its photos (crop, tilt, light, blur, mirrored, JPEG; seeded); ' +
  'those for the category are its own photos with their product left out.';

const MOST_QUERIES = 500;

/** Phones' photos are larger than the input of any model. */
const MOST_PIXELS = 1600;

/**
 * Altered copies of the gallery's photos, as queries.
 * @param leftOut receives the photos that cannot be read
 */
export async function makeQueries(
  gallery: readonly LabelledPhoto[],
  folder: string,
  leftOut: Set<string>,
): Promise<LabelledPhoto[]> {
  await mkdir(folder, { recursive: true });
  const step = Math.max(1, gallery.length / MOST_QUERIES);
  const queries: LabelledPhoto[] = [];
  for (let at = 0; at < gallery.length; at += step) {
    const photo = gallery[Math.floor(at)];
    if (!photo) break;
    const path = join(folder, `${queries.length}.jpg`);
    try {
      await writeFile(path, await customerPhoto(photo.path, seeded(queries.length + 1)));
      queries.push({ ...photo, path });
    } catch (error) {
      leftOut.add(`${photo.path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return queries;
}

/** A picture like a customer's phone photo of a product: cropped, rotated, in other light, a little blurred. */
async function customerPhoto(path: string, random: () => number): Promise<Uint8Array> {
  const sharp = await loadSharp();
  const { data, info } = await sharp(await readFile(path))
    .autoOrient()
    .resize(MOST_PIXELS, MOST_PIXELS, { fit: 'inside', withoutEnlargement: true })
    .png({ compressionLevel: 1 })
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const part = () => 0.55 + 0.35 * random();
  const box = { width: Math.round(width * part()), height: Math.round(height * part()) };
  const light = 0.7 + 0.6 * random();
  const turned = await sharp(data)
    .extract({
      ...box,
      left: Math.floor((width - box.width) * random()),
      top: Math.floor((height - box.height) * random()),
    })
    .flop(random() < 0.5)
    .rotate((random() - 0.5) * 30, { background: '#8a8580' })
    .removeAlpha()
    .png({ compressionLevel: 1 })
    .toBuffer();
  return sharp(turned)
    .linear([light * (0.92 + 0.16 * random()), light, light * (0.92 + 0.16 * random())], [0, 0, 0])
    .blur(0.3 + 1.2 * random())
    .jpeg({ quality: 40 + Math.floor(40 * random()) })
    .toBuffer();
}
