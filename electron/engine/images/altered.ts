import { loadSharp } from './sharp-build.ts';

/**
 * Alters a picture as another photo of its subject might: crops, mirrors, rotates and stretches it, and changes the light.
 * The changes are strong on purpose: a copy that any model finds easily shows nothing about how much colour helps.
 * @param random gives numbers from 0 to 1; eight of them determine the copy
 */
export async function alteredCopy(bytes: Uint8Array, random: () => number): Promise<Uint8Array> {
  const sharp = await loadSharp();
  const { width, height } = await sharp(bytes).metadata();
  const part = { width: share(width, 0.45 + 0.25 * random()), height: share(height, 0.45 + 0.25 * random()) };
  const offset = {
    left: Math.floor((width - part.width) * (0.2 + 0.6 * random())),
    top: Math.floor((height - part.height) * (0.2 + 0.6 * random())),
  };
  const light = 0.8 + 0.4 * random();
  const [warm, cold] = [light * (0.95 + 0.1 * random()), light * (0.95 + 0.1 * random())];
  return sharp(bytes)
    .extract({ ...part, ...offset })
    .flop(random() < 0.5)
    .rotate((random() - 0.5) * 50, { background: '#fff' })
    .removeAlpha()
    .linear([warm, light, cold], [0, 0, 0])
    .png({ compressionLevel: 1 })
    .toBuffer();
}

function share(length: number, part: number): number {
  return Math.max(1, Math.round(length * part));
}
