import { expect, test } from 'vitest';
import { readManifest } from '../electron/engine/model/manifest.ts';

const models = await readManifest(import.meta.dirname);
const downloadable = models.filter(({ files }) => files.every(({ url }) => url !== undefined));

test('a newcomer is offered few models, and each says what to expect of it', () => {
  const offered = downloadable.filter(({ more }) => !more);
  expect(offered.map(({ id }) => id)).toEqual([
    'marqo-fashionclip',
    'fashion-clip-q8',
    'marqo-fashionsiglip-q4',
    'siglip2-base-q8',
  ]);
  for (const { expect: expected, summary } of offered) {
    expect(summary).toMatch(/^For /);
    expect(expected?.tested?.url).toMatch(/^https:/);
  }
});

test('nothing is listed for download that no hash vouches for, and no address can change its file', () => {
  for (const { id, files } of downloadable) {
    for (const { path, url, sha256, sha256From, aboutBytes } of files) {
      expect(url, `${id}: ${path}`).toMatch(/\/resolve\/[0-9a-f]{40}\//);
      // Small files without either have git's hash at that revision.
      if (sha256 === undefined && sha256From === undefined) expect(aboutBytes).toBeLessThan(5_000_000);
    }
  }
});
