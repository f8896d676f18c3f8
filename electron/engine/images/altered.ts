import type { Sharp } from 'sharp';
import type { MaskedPicture } from './masked.ts';
import { loadSharp } from './sharp-build.ts';

type SubjectMask = Pick<MaskedPicture, 'mask' | 'size'>;

/** The side of a copy, in pixels: what models look at. */
const SIDE = 256;
/** Copies that show the subject somewhere else; the others are a part of the picture, as a close-up is. */
const ELSEWHERE = 0.6;

/**
 * A catalog picture as a customer's photo might show its subject: cut out and laid small or large, turned, on another picture, or
 * close up; and in other light, of another colour, with less contrast, blurred. As strong as photos from shops are: measured on
 * phone photos of groceries, the colours of a right product are 1.13 (deviation 0.79) deviations more alike than ordinary ones,
 * and 1.15 (1.09) on these copies. Copies that keep their colours (2.46, 0.33) say that colour always helps.
 * @param bytes the picture
 * @param subject where its subject is; null where that is not known, and the copy is a part of the picture
 * @param surroundings another picture, to lay the subject on
 * @param random numbers from 0 to 1, which decide everything
 * @returns JPEG
 */
export async function asCustomersPhoto(
  bytes: Uint8Array,
  subject: SubjectMask | null,
  surroundings: Uint8Array,
  random: () => number,
): Promise<Uint8Array> {
  const sharp = await loadSharp();
  const elsewhere = random() < ELSEWHERE;
  const photo =
    elsewhere && subject
      ? await laidOn(surroundings, await cutOut(bytes, subject), random)
      : await closeUp(bytes, random);
  const spread = (deviation: number) => Math.exp(deviation * gaussian(random));
  const [light, warm, green, haze] = [spread(0.3), spread(0.15), spread(0.05), 25 * random()];
  return sharp(photo)
    .modulate({ saturation: spread(0.25) })
    .linear([light * warm, light * green, light / warm], [haze, haze, haze])
    .blur(0.3 + random())
    .jpeg({ quality: 50 + Math.floor(40 * random()) })
    .toBuffer();
}

/** The subject alone, all else transparent. */
async function cutOut(bytes: Uint8Array, { mask, size }: SubjectMask): Promise<Buffer> {
  const sharp = await loadSharp();
  const { width, height } = await sharp(bytes).metadata();
  // The unsure border of a mask would be a halo.
  const alpha = Uint8Array.from(mask, (value) => 255 * Math.min(1, Math.max(0, (value - 0.25) * 2)));
  const raw = { width: size, height: size, channels: 1 } as const;
  const fitted = await sharp(alpha, { raw })
    .resize(width, height, { fit: 'fill' })
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  const picture = await png(sharp(bytes).removeAlpha());
  return png(sharp(picture).joinChannel(fitted, { raw: { width, height, channels: 1 } }));
}

async function laidOn(surroundings: Uint8Array, subject: Buffer, random: () => number): Promise<Buffer> {
  const sharp = await loadSharp();
  const longest = Math.round((0.45 + 0.75 * random()) * SIDE);
  const turned = await png(
    sharp(subject)
      .resize(longest, longest, { fit: 'inside' })
      .rotate((random() - 0.5) * 60, { background: '#0000' })
      .flop(random() < 0.5),
  );
  // What is larger than the photo is seen in part.
  const size = await sharp(turned).metadata();
  const [width, height] = [Math.min(SIDE, size.width), Math.min(SIDE, size.height)];
  const middle = { left: (size.width - width) >> 1, top: (size.height - height) >> 1 };
  const seen = await png(sharp(turned).extract({ ...middle, width, height }));
  const wide = Math.round(1.6 * SIDE);
  const part = { left: Math.floor((wide - SIDE) * random()), top: Math.floor((wide - SIDE) * random()) };
  const place = { left: Math.floor((SIDE - width) * random()), top: Math.floor((SIDE - height) * random()) };
  const scene = sharp(surroundings).removeAlpha().resize(wide, wide, { fit: 'cover' });
  return png(
    scene
      .extract({ ...part, width: SIDE, height: SIDE })
      .blur(0.5 + 3 * random())
      .composite([{ input: seen, ...place }])
      .removeAlpha(),
  );
}

async function closeUp(bytes: Uint8Array, random: () => number): Promise<Buffer> {
  const sharp = await loadSharp();
  const { width, height } = await sharp(bytes).metadata();
  const share = 0.35 + 0.5 * random();
  const part = { width: partOf(width, share), height: partOf(height, share * (0.8 + 0.4 * random())) };
  const offset = {
    left: Math.floor((width - part.width) * (0.15 + 0.7 * random())),
    top: Math.floor((height - part.height) * (0.15 + 0.7 * random())),
  };
  return png(
    sharp(bytes)
      .removeAlpha()
      .extract({ ...part, ...offset })
      .resize(SIDE, SIDE, { fit: 'cover' })
      .flop(random() < 0.5)
      .rotate((random() - 0.5) * 50, { background: '#888' }),
  );
}

const partOf = (length: number, share: number) => Math.min(length, Math.max(1, Math.round(length * share)));

const png = (image: Sharp) => image.png({ compressionLevel: 1 }).toBuffer();

/** Box and Muller 1958: a number of the normal distribution. */
function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
