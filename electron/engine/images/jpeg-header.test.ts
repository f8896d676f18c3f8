import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readJpegHeader } from './jpeg-header.ts';
import { loadSharp } from './sharp-build.ts';

const sharp = await loadSharp();

const jpeg = (orientation?: number) => {
  const image = sharp({ create: { width: 120, height: 80, channels: 3, background: '#3c50c8' } });
  const tagged = orientation === undefined ? image : image.withMetadata({ orientation });
  return tagged.jpeg().toBuffer();
};

async function decodedSize(bytes: Uint8Array) {
  const { autoOrient } = await sharp(bytes, { failOn: 'error' }).metadata();
  return autoOrient;
}

test('is read from the header of a plain JPEG, progressive or not', async () => {
  for (const progressive of [false, true]) {
    const image = sharp({ create: { width: 120, height: 80, channels: 3, background: '#3c50c8' } });
    const header = readJpegHeader(await image.jpeg({ progressive }).toBuffer());
    expect(header).toEqual({ width: 120, height: 80, exif: false, oneScan: !progressive });
  }
});

test('says that EXIF can turn the picture', async () => {
  for (const orientation of [1, 6])
    expect(readJpegHeader(await jpeg(orientation))).toMatchObject({ exif: true });
});

test('never differs from the decoder, whatever is damaged', async () => {
  const files = await Promise.all([jpeg(), jpeg(6), jpeg(8)]);
  const damage = fc.array(fc.tuple(fc.nat(700), fc.nat(255)), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...files), damage, async (file, changes) => {
      const bytes = Uint8Array.from(file);
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      const decoded = await decodedSize(bytes).catch(() => null);
      const header = readJpegHeader(bytes);
      if (!decoded || !header || header.exif) return;
      expect(header).toMatchObject({ width: decoded.width, height: decoded.height });
    }),
    { numRuns: 2000 },
  );
});
