import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Source, SourceStatus } from '../../electron/contract/publishing.ts';
import { useConnection } from '../engine/connection.ts';
import { answer, fakeWindow, SNAPSHOT, STATUS, startEngine, until } from '../engine/test-engine.ts';
import { useToast } from '../page/toast.ts';
import { editSource, openPane, useCatalogPane } from './catalog-pane.ts';
import { removeSource, saveSource, startSources, useSources } from './sources.ts';

const SHOP: Source = {
  id: 'shop',
  name: 'Shop',
  location: { kind: 'url', url: 'https://shop.example/feed.json' },
  format: null,
  mapping: null,
  secretHeader: 'X-Key',
  everyHours: null,
  onStart: false,
};

const saved = new Map<string, SourceStatus>();
const saveSecret = vi.fn(async () => null);

const handlers = {
  listSources: answer.listSources.handler(() => [...saved.values()]),
  saveSource: answer.saveSource.handler(({ input }) => {
    const status = { source: input, lastSync: null, nextSyncAt: null };
    saved.set(input.id, status);
    return status;
  }),
  removeSource: answer.removeSource.handler(({ input }) => {
    saved.delete(input.id);
  }),
};

const shown = () => useSources.getState().sources?.map(({ source }) => source.id);

beforeAll(() => {
  fakeWindow({ saveSecret });
  startSources();
});

beforeEach(() => {
  saved.clear();
  saveSecret.mockClear();
  useSources.setState(useSources.getInitialState(), true);
  startEngine(handlers);
});

test('a source is there once it is saved, and gone with its secret once it is removed', async () => {
  await saveSource(SHOP);
  expect(shown()).toEqual(['shop']);
  await removeSource(SHOP);
  expect(shown()).toEqual([]);
  expect(saveSecret).toHaveBeenCalledWith('shop', null);
});

const IN_CATALOG = {
  id: 'shop',
  name: 'Shop',
  ref: '',
  sample: false,
  products: 480,
  images: 60,
  version: 7,
};

test('a source goes with its products, which go first', async () => {
  const order: string[] = [];
  startEngine({
    ...handlers,
    removeProducts: answer.removeProducts.handler(({ input }) => {
      order.push(`products of ${input.source}`);
      return SNAPSHOT;
    }),
    removeSource: answer.removeSource.handler(({ input }) => {
      order.push(`source ${input.id}`);
      saved.delete(input.id);
    }),
  });
  await saveSource(SHOP);
  await removeSource(SHOP, IN_CATALOG);
  expect(order).toEqual(['products of shop', 'source shop']);
  expect(useToast.getState().text).toBe('Removed 480 products of Shop');
  expect(useSources.getState().removing).toBeNull();
  expect(shown()).toEqual([]);
});

test('a source whose products cannot be removed stays, with the reason', async () => {
  startEngine({
    ...handlers,
    removeProducts: answer.removeProducts.handler(({ errors }) => {
      throw errors.STORAGE_FAILED({ data: {} });
    }),
  });
  await saveSource(SHOP);
  await removeSource(SHOP, IN_CATALOG);
  expect(useSources.getState()).toMatchObject({ removing: null, error: { code: 'STORAGE_FAILED' } });
  expect(shown()).toEqual(['shop']);
});

test('a source without a secret asks the secure storage for nothing', async () => {
  await saveSource({ ...SHOP, secretHeader: null });
  await removeSource({ ...SHOP, secretHeader: null });
  expect(saveSecret).not.toHaveBeenCalled();
});

test('the sources are read again when the engine has something to say', async () => {
  saved.set('shop', { source: SHOP, lastSync: null, nextSyncAt: null });
  useConnection.setState({ status: { ...STATUS } });
  await until(() => expect(shown()).toEqual(['shop']));
});

test('what cannot be read or removed says why, and the list stays', async () => {
  await saveSource(SHOP);
  startEngine({
    ...handlers,
    removeSource: answer.removeSource.handler(({ errors }) => {
      throw errors.STORAGE_FAILED({ data: {} });
    }),
  });
  await removeSource(SHOP);
  expect(useSources.getState().error).toMatchObject({ code: 'STORAGE_FAILED' });
  expect(shown()).toEqual(['shop']);
});

test('a feed is edited as the source that it is, or as a new one', async () => {
  await saveSource(SHOP);
  editSource({ source: SHOP.location, sourceId: 'shop' });
  expect(useCatalogPane.getState().pane).toMatchObject({
    kind: 'source',
    draft: { id: 'shop', name: 'Shop' },
  });
  editSource({ source: { kind: 'file', path: '/feeds/a.csv' } });
  expect(useCatalogPane.getState().pane).toMatchObject({ draft: { id: null, where: '/feeds/a.csv' } });
  openPane({ kind: 'sync' });
});
