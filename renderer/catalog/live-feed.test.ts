import { expect, test } from 'vitest';
import type { SnapshotSource } from '../../electron/contract/catalog.ts';
import type { SourceStatus } from '../../electron/contract/publishing.ts';
import { SNAPSHOT } from '../engine/test-engine.ts';
import { feedOfLive, sourcesOf } from './live-feed.ts';

const live = (id: string, ref: string, more: Partial<SnapshotSource> = {}): SnapshotSource => ({
  id,
  name: id || 'Dropped',
  ref,
  sample: false,
  products: 3,
  images: 3,
  version: 7,
  ...more,
});

const SAVED: SourceStatus = {
  source: {
    id: 'shop',
    name: 'Shop',
    location: { kind: 'url', url: 'https://shop.example/feed.json' },
    format: null,
    mapping: null,
    secretHeader: null,
    everyHours: null,
    onStart: false,
  },
  lastSync: null,
  nextSyncAt: null,
};

test('the source that was published last comes first; a snapshot of before is all of one', () => {
  const sources = [live('a', '', { version: 3 }), live('b', '', { version: 9 })];
  expect(sourcesOf({ ...SNAPSHOT, sources }).map(({ id }) => id)).toEqual(['b', 'a']);
  expect(sourcesOf(SNAPSHOT)).toMatchObject([
    { id: '', name: 'Autumn', ref: '/feeds/autumn.json', products: 12 },
  ]);
});

test('products are imported again from the saved source, the sample, or where they came from', () => {
  const request = (source: SnapshotSource) => feedOfLive(source, [SAVED])?.request;
  expect(request(live('shop', '/moved.json'))).toMatchObject({ sourceId: 'shop' });
  expect(request(live('', 'https://shop.example/feed.json'))).toMatchObject({ sourceId: 'shop' });
  expect(request(live('', '/app/sample.json', { sample: true }))).toEqual({ source: { kind: 'sample' } });
  expect(request(live('', '/feeds/a.csv'))).toEqual({ source: { kind: 'file', path: '/feeds/a.csv' } });
  expect(request(live('', 'http://a.example/b'))).toEqual({
    source: { kind: 'url', url: 'http://a.example/b' },
  });
  expect(feedOfLive(live('', ''), [SAVED])).toBeNull();
});
