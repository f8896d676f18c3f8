import { describe, expect, test } from 'vitest';
import { searchRequest } from '../../electron/contract/search.ts';
import {
  type Asked,
  cropOf,
  EVEN,
  type PhotoQuery,
  type ProductQuery,
  requestOf,
  wholePhotoOf,
} from './query.ts';
import { NO_WORDS } from './words.ts';

const box = { x: 0.1, y: 0.2, width: 0.3, height: 0.4 };

const photo: PhotoQuery = {
  kind: 'photo',
  file: new Blob(),
  name: 'photo.jpg',
  bytes: new Uint8Array([1, 2, 3]),
  view: 'none',
  crop: null,
  proposal: null,
  also: [],
  words: NO_WORDS,
  balance: EVEN,
};

const product: ProductQuery = {
  kind: 'product',
  product: { uid: 'p1', styleId: 'p1', title: 'Coat', thumbnail: '0'.repeat(64) },
  words: NO_WORDS,
  balance: EVEN,
};

const ASKED: Asked = { query: null, filters: {}, colorWeight: null, sameColor: false, limit: 200 };

/** The request as the engine parses it. */
function read(asked: Partial<Asked>, proposes = true) {
  const request = requestOf({ ...ASKED, ...asked }, proposes);
  return request && searchRequest.parse(request);
}

describe('words', () => {
  test('alone are asked as they are', () => {
    const words = { text: 'green coat without hood', without: 'stripes' };
    expect(read({ query: { kind: 'words', words } })).toMatchObject({
      query: { kind: 'words', words: 'green coat without hood without stripes' },
    });
  });

  test('that say nothing ask nothing', () => {
    expect(read({ query: null })).toBeNull();
    expect(read({ query: { kind: 'words', words: { text: ' ', without: '' } } })).toBeNull();
  });

  test('beside a picture go with it, balanced', () => {
    const words = { text: 'in green', without: '' };
    expect(read({ query: { ...photo, words, balance: 0.8 } })?.query).toMatchObject({
      kind: 'photo',
      words: 'in green',
      balance: 0.8,
    });
    expect(read({ query: { ...product, words } })?.query).toMatchObject({
      kind: 'product',
      productId: 'p1',
      words: 'in green',
      balance: EVEN,
    });
  });
});

describe('colour', () => {
  test('is as calibrated until it is chosen', () => {
    expect(read({ query: photo })).not.toHaveProperty('colorWeight');
    expect(read({ query: photo, colorWeight: 0 })?.colorWeight).toBe(0);
    expect(read({ query: product, colorWeight: 0.7, sameColor: true })).toMatchObject({
      colorWeight: 0.7,
      sameColor: true,
    });
  });

  test('is not asked of words alone, which have none to compare', () => {
    const words = { text: 'coat', without: '' };
    const request = read({ query: { kind: 'words', words }, colorWeight: 0.7, sameColor: true });
    expect(request).not.toHaveProperty('colorWeight');
    expect(request?.sameColor).toBe(false);
  });
});

describe('the crop', () => {
  test('is proposed only by an engine that can', () => {
    expect(read({ query: { ...photo, crop: 'auto' } })?.query).toHaveProperty('crop', 'auto');
    expect(read({ query: { ...photo, crop: 'auto' } }, false)?.query).not.toHaveProperty('crop');
    expect(read({ query: { ...photo, crop: box } }, false)?.query).toHaveProperty('crop', box);
  });

  test('that is taken away leaves all of the photo, by the colours of its subject where an engine finds it', () => {
    expect(read({ query: photo })?.query).toHaveProperty('crop', 'whole');
    expect(read({ query: photo }, false)?.query).not.toHaveProperty('crop');
    const request = requestOf({ ...ASKED, query: photo }, true);
    expect(request && wholePhotoOf(request)?.query).not.toHaveProperty('crop');
  });

  test('that is drawn is the proposal until there is one of the user’s own, or the whole photo is wanted', () => {
    const proposal = { x: 0, y: 0, width: 0.5, height: 0.5 };
    expect(cropOf({ ...photo, crop: 'auto' })).toBeNull();
    expect(cropOf({ ...photo, crop: 'auto', proposal })).toEqual({ box: proposal, proposed: true });
    expect(cropOf({ ...photo, crop: box, proposal })).toEqual({ box, proposed: false });
    expect(cropOf({ ...photo, crop: null, proposal })).toBeNull();
  });
});
