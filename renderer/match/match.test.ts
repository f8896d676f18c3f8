import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { SearchRequest, SearchResponse } from '../../electron/contract/search.ts';
import { engineState } from '../engine/client.ts';
import { startConnection, useConnection } from '../engine/connection.ts';
import {
  answer,
  DIED,
  fakeWindow,
  STATUS,
  shellSays,
  startEngine,
  until,
  watching,
} from '../engine/test-engine.ts';
import {
  FIRST_LIMIT,
  focusStyle,
  holdResults,
  loadMore,
  openStyle,
  pickSize,
  releaseResults,
  setFilters,
  showRefined,
  startMatch,
  useMatch,
} from './match.ts';
import {
  askWords,
  clearQuery,
  goBack,
  matchPhoto,
  matchProduct,
  matchWords,
  typeWords,
} from './query-actions.ts';
import { answerOf, resultOf } from './test-answer.ts';

vi.mock('idb-keyval', () => import('./test-storage.ts'));

/** A call to the engine, and functions to answer it. */
interface Call {
  request: SearchRequest;
  signal: AbortSignal;
  resolve: (response: SearchResponse) => void;
  reject: (error: unknown) => void;
}

const calls: Call[] = [];

const handlers = {
  watch: watching(STATUS),
  search: answer.search.handler(
    ({ input, signal }) =>
      new Promise<SearchResponse>((resolve, reject) => {
        calls.push({ request: input, signal: signal ?? new AbortController().signal, resolve, reject });
      }),
  ),
};

/** The call with this number, from 0, once it has arrived. */
async function call(number: number): Promise<Call> {
  return until(() => {
    const found = calls[number];
    if (!found) throw new Error(`Only ${calls.length} calls have come`);
    return found;
  });
}

const shown = () => useMatch.getState().answer?.results.map(({ productId }) => productId) ?? null;
const dress = { text: 'dress', without: '' };
const coat = { text: 'coat', without: '' };

beforeAll(() => {
  fakeWindow({ restartEngine: vi.fn() });
  startConnection();
  startMatch();
});

let engine: { die: () => void };
beforeEach(() => {
  clearQuery();
  calls.length = 0;
  engine = startEngine(handlers);
  useConnection.setState({ restart: null });
});

test('a newer query calls off the one before it, and only its answer is shown', async () => {
  matchWords(dress);
  const first = await call(0);
  matchWords(coat);
  const second = await call(1);
  await until(() => expect(first.signal.aborted).toBe(true));
  first.resolve(answerOf(['dress-1']));
  second.resolve(answerOf(['coat-1']));
  await until(() => expect(shown()).toEqual(['coat-1']));
  expect(useMatch.getState().search.phase).toBe('idle');
});

test('a query that is cleared while it runs shows nothing', async () => {
  matchWords(dress);
  const running = await call(0);
  clearQuery();
  await until(() => expect(running.signal.aborted).toBe(true));
  expect(useMatch.getState()).toMatchObject({ query: null, answer: null, search: { phase: 'idle' } });
});

test('words are asked once typing pauses, and the keyboard stays in the field', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    for (const text of ['d', 'dr', 'dress']) typeWords({ text, without: '' });
    vi.advanceTimersByTime(1000);
  } finally {
    vi.useRealTimers();
  }
  const { request, resolve } = await call(0);
  expect(request.query).toEqual({ kind: 'words', words: 'dress' });
  resolve(answerOf(['dress-1']));
  await until(() => expect(shown()).toEqual(['dress-1']));
  expect(useMatch.getState().wantsFocus).toBe(false);
  expect(calls).toHaveLength(1);
});

test('an engine that dies is asked again, and the page owns up to it', async () => {
  matchWords(dress);
  await call(0);
  engine.die();
  await until(() => expect(engineState.getState().phase).toBe('restarting'));
  expect(useMatch.getState().search.phase).toBe('running');
  startEngine(handlers);
  (await call(1)).resolve(answerOf(['dress-1']));
  await until(() => expect(shown()).toEqual(['dress-1']));
  expect(useConnection.getState().restart?.resumed).toEqual(['Your search was asked again.']);
});

test('what failed for want of an engine is asked again when someone has restarted it', async () => {
  matchWords(dress);
  await call(0);
  shellSays({ type: 'lookalike:engine-stopped', restarting: false, fault: DIED });
  await until(() => expect(useMatch.getState().search).toMatchObject({ error: { code: 'ENGINE_STOPPED' } }));
  startEngine(handlers);
  (await call(1)).resolve(answerOf(['dress-1']));
  await until(() => expect(shown()).toEqual(['dress-1']));
});

test('an answer outlives the failure of its filters, and not that of another query', async () => {
  matchWords(dress);
  (await call(0)).resolve(answerOf(['dress-1']));
  await until(() => expect(shown()).toEqual(['dress-1']));

  setFilters({ brand: ['Nord'] });
  (await call(1)).reject(new Error('disk'));
  await until(() => expect(useMatch.getState().search.phase).toBe('failed'));
  expect(shown()).toEqual(['dress-1']);

  matchWords(coat);
  (await call(2)).reject(new Error('disk'));
  await until(() => expect(useMatch.getState().search).toMatchObject({ error: { code: 'INTERNAL' } }));
  expect(shown()).toBeNull();
});

test('the keyboard stays on its product when results are ranked anew, and else goes to the best', async () => {
  matchWords(dress);
  (await call(0)).resolve(answerOf(['a', 'b', 'c']));
  await until(() => expect(useMatch.getState().focusedId).toBe('a'));
  useMatch.setState({ focusedId: 'b' });

  setFilters({ brand: ['Nord'] });
  (await call(1)).resolve(answerOf(['c', 'b']));
  await until(() => expect(shown()).toEqual(['c', 'b']));
  expect(useMatch.getState().focusedId).toBe('b');

  setFilters({ brand: ['Sud'] });
  (await call(2)).resolve(answerOf(['d']));
  await until(() => expect(useMatch.getState().focusedId).toBe('d'));
});

test('more is asked for tenfold, once at a time, and not when all is there', async () => {
  matchWords(dress);
  (await call(0)).resolve(answerOf(['a'], { total: 900 }));
  await until(() => expect(shown()).toEqual(['a']));
  loadMore();
  loadMore();
  const more = await call(1);
  expect(more.request.limit).toBe(FIRST_LIMIT * 10);
  more.resolve(answerOf(['a', 'b'], { total: 2 }));
  await until(() => expect(shown()).toEqual(['a', 'b']));
  loadMore();
  expect(useMatch.getState().search.phase).toBe('idle');
  expect(calls).toHaveLength(2);
});

test('"More like this" asks for the product, and back asks the query again with the keyboard on it', async () => {
  matchWords(dress);
  (await call(0)).resolve(answerOf(['a', 'b']));
  await until(() => expect(shown()).toEqual(['a', 'b']));
  matchProduct(resultOf('b'));
  const like = await call(1);
  expect(like.request.query).toMatchObject({ kind: 'product', productId: 'b' });
  like.resolve(answerOf(['c']));
  await until(() => expect(shown()).toEqual(['c']));

  goBack();
  const back = await call(2);
  expect(back.request.query).toEqual({ kind: 'words', words: 'dress' });
  back.resolve(answerOf(['a', 'b']));
  await until(() => expect(shown()).toEqual(['a', 'b']));
  expect(useMatch.getState()).toMatchObject({ focusedId: 'b', trail: [] });
});

test('words go with the photo there is, and its crop is asked for where crops can be proposed', async () => {
  const photo = new Blob([new Uint8Array([1, 2, 3])]);
  useConnection.setState({ status: { ...STATUS, subjectModel: { id: 'subject', name: 'Subject' } } });
  void matchPhoto(photo, 'a.jpg');
  const whole = await call(0);
  expect(whole.request.query).not.toHaveProperty('crop');
  whole.resolve(answerOf(['a']));
  const first = await call(1);
  expect(first.request.query).toMatchObject({ kind: 'photo', crop: 'auto' });
  const box = { x: 0, y: 0, width: 0.5, height: 0.5 };
  first.resolve(answerOf(['a'], { ranking: { ...answerOf([]).ranking, crop: { box, proposed: true } } }));
  await until(() => expect(useMatch.getState().query).toMatchObject({ proposal: box }));

  askWords({ text: 'in green without stripes', without: '' });
  const { request } = await call(2);
  expect(request).toMatchObject({ query: { kind: 'photo', words: 'in green without stripes' } });
});

test('an answer is refined where nobody touches it, and else the new order is offered', async () => {
  const photo = new Blob([new Uint8Array([1, 2, 3])]);
  const status = { ...STATUS, subjectModel: { id: 'subject', name: 'Subject' } };
  const drop = async (meanwhile: () => void) => {
    calls.length = 0;
    useConnection.setState({ status });
    void matchPhoto(photo, 'a.jpg');
    (await call(0)).resolve(answerOf(['a', 'b']));
    await until(() => expect(useMatch.getState().search.phase).toBe('refining'));
    meanwhile();
    (await call(1)).resolve(answerOf(['b', 'c', 'a']));
    await until(() => expect(useMatch.getState().search.phase).toBe('idle'));
    return useMatch.getState();
  };

  await drop(() => {});
  expect(shown()).toEqual(['b', 'c', 'a']);
  expect(useMatch.getState()).toMatchObject({ focusedId: 'b', refined: null });

  // Under a pointer the order stays until the pointer leaves.
  await drop(() => holdResults('pointer'));
  expect(shown()).toEqual(['a', 'b']);
  releaseResults();
  expect(shown()).toEqual(['b', 'c', 'a']);

  // More results behind those on screen move none of them.
  calls.length = 0;
  void matchPhoto(photo, 'a.jpg');
  const first = await call(0);
  first.resolve(answerOf(['a', 'b']));
  await until(() => expect(useMatch.getState().search.phase).toBe('refining'));
  holdResults('pointer');
  const second = await call(1);
  expect(first.request.limit).toBe(second.request.limit);
  second.resolve(answerOf(['a', 'b', 'c']));
  await until(() => expect(shown()).toEqual(['a', 'b', 'c']));
  expect(useMatch.getState().refined).toBeNull();

  // After a key it stays, with the focus where the key has put it, until the person wants the new order.
  const { refined } = await drop(() => {
    holdResults('kept');
    focusStyle('b');
    releaseResults();
  });
  expect(shown()).toEqual(['a', 'b']);
  expect(useMatch.getState().focusedId).toBe('b');
  if (!refined) throw new Error('No order was offered');
  showRefined(refined);
  expect(shown()).toEqual(['b', 'c', 'a']);
  expect(useMatch.getState().refined).toBeNull();

  // A newer photo calls off the refining of the one before it.
  calls.length = 0;
  useConnection.setState({ status });
  void matchPhoto(photo, 'a.jpg');
  (await call(0)).resolve(answerOf(['a']));
  const refining = await call(1);
  void matchPhoto(photo, 'b.jpg');
  await until(() => expect(refining.signal.aborted).toBe(true));
});

test('a photo that is too large, or cannot be read, is said before anything is asked', async () => {
  const huge = new Blob([]);
  Object.defineProperty(huge, 'size', { value: 1e9 });
  await matchPhoto(huge, 'huge.jpg');
  expect(useMatch.getState()).toMatchObject({ query: null, search: { error: { code: 'IMAGE_TOO_LARGE' } } });

  const gone = new Blob(['x']);
  gone.arrayBuffer = () => Promise.reject(new Error('gone'));
  await matchPhoto(gone, 'gone.jpg');
  expect(useMatch.getState().search).toMatchObject({
    error: { code: 'IMAGE_UNREADABLE', item: 'gone.jpg' },
  });
  expect(calls).toHaveLength(0);
});

const SIZES = ['S', 'M'].map((name) => ({
  uid: `shop/${name}`,
  sku: `40101-NVY-${name}`,
  size: name,
  color: 'navy',
  stock: 3,
  availability: null,
}));
const GREEN = { styleId: 'green', uid: 'shop/g', color: 'green', thumbnail: 'b'.repeat(64) };

test('a typed SKU of one size opens that size when it is asked with Enter, and not while it is typed', async () => {
  const typed = answerOf([], { results: [resultOf('navy', { sizes: SIZES, typed: true, uid: 'shop/M' })] });
  typeWords({ text: '40101-NVY-M', without: '' });
  (await call(0)).resolve(typed);
  await until(() => expect(shown()).toEqual(['navy']));
  expect(useMatch.getState().detailsOpen).toBe(false);
  askWords({ text: '40101-NVY-M', without: '' }, { wantsFocus: true });
  (await call(1)).resolve(typed);
  await until(() => expect(useMatch.getState().detailsOpen).toBe(true));
});

test('a swatch opens its own card where there is one, and else the details alone', async () => {
  matchWords(dress);
  (await call(0)).resolve(answerOf(['navy', 'green']));
  await until(() => expect(shown()).toEqual(['navy', 'green']));
  pickSize('shop/M');
  openStyle(GREEN);
  const opened = { focusedId: 'green', visited: null, pickedSize: null, detailsOpen: true };
  expect(useMatch.getState()).toMatchObject(opened);

  openStyle({ ...GREEN, styleId: 'red' });
  expect(useMatch.getState()).toMatchObject({ focusedId: 'green', visited: { styleId: 'red' } });
  focusStyle('navy');
  expect(useMatch.getState()).toMatchObject({ focusedId: 'navy', visited: null });

  openStyle({ ...GREEN, styleId: 'red' });
  matchProduct(resultOf('red'));
  (await call(1)).resolve(answerOf(['navy']));
  await until(() => expect(shown()).toEqual(['navy']));
  expect(useMatch.getState()).toMatchObject({ focusedId: 'navy', visited: null });
});

test('an error of the engine arrives with its code and what it is about', async () => {
  startEngine({
    ...handlers,
    search: answer.search.handler(({ errors }) => {
      throw errors.PRODUCT_UNKNOWN({ data: { item: '40101' } });
    }),
  });
  matchProduct(resultOf('40101'));
  await until(() => expect(useMatch.getState().search.phase).toBe('failed'));
  expect(useMatch.getState().search).toMatchObject({ error: { code: 'PRODUCT_UNKNOWN', item: '40101' } });
});
