import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadSharp } from './sharp-build.ts';
import { readWebpHeader } from './webp-header.ts';

const sharp = await loadSharp();
const SIZE = { width: 123, height: 81 };

const picture = (alpha = 1) =>
  sharp({ create: { ...SIZE, channels: 4, background: { r: 60, g: 80, b: 200, alpha } } });
const plain = () => picture().flatten();

async function decodedSize(bytes: Uint8Array) {
  const { autoOrient } = await sharp(bytes, { failOn: 'error' }).metadata();
  return autoOrient;
}

test('is read from the header of a plain WebP, with losses or without', async () => {
  for (const lossless of [false, true])
    expect(readWebpHeader(await plain().webp({ lossless }).toBuffer())).toEqual(SIZE);
});

test('is left to the decoder where EXIF can turn the picture, and of a picture with transparency', async () => {
  expect(readWebpHeader(await plain().withMetadata({ orientation: 6 }).webp().toBuffer())).toBeNull();
  expect(readWebpHeader(await picture(0.5).webp().toBuffer())).toBeNull();
});

test('never differs from the decoder, whatever is damaged', async () => {
  const files = await Promise.all([plain().webp().toBuffer(), plain().webp({ lossless: true }).toBuffer()]);
  const damage = fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...files), damage, async (file, changes) => {
      const bytes = Uint8Array.from(file);
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      const decoded = await decodedSize(bytes).catch(() => null);
      const header = readWebpHeader(bytes);
      if (decoded && header) expect(header).toEqual(decoded);
    }),
    { numRuns: 300 },
  );
});
