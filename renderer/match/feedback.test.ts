import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { FeedbackRequest } from '../../electron/contract/learning.ts';
import { answer, fakeWindow, startEngine } from '../engine/test-engine.ts';
import { useToast } from '../page/toast.ts';
import { isPhotoAlone, noteCopied, say } from './feedback.ts';
import { useMatch } from './match.ts';
import type { PhotoQuery } from './query.ts';
import { answerOf } from './test-answer.ts';
import { NO_WORDS } from './words.ts';

const given: FeedbackRequest[] = [];
const takenBack: string[] = [];
const A = { uid: 'a', styleId: 'a' };
const B = { uid: 'b', styleId: 'b' };

const PHOTO: PhotoQuery = {
  ...{ kind: 'photo', file: new Blob(), name: 'coat.jpg', bytes: Uint8Array.of(1), view: 'none' },
  ...{ crop: 'auto', proposal: null, also: [], words: NO_WORDS, balance: 0.5 },
};

beforeAll(() => {
  fakeWindow();
  startEngine({
    giveFeedback: answer.giveFeedback.handler(({ input }) => {
      given.push(input);
      const { product, by } = input;
      return { id: `${given.length}`, product, styleId: product, by };
    }),
    takeBackFeedback: answer.takeBackFeedback.handler(({ input }) => {
      takenBack.push(input.id);
      return { known: true };
    }),
  });
});

beforeEach(() => {
  given.length = 0;
  takenBack.length = 0;
  useMatch.setState({ query: PHOTO, answer: answerOf(['a', 'b']), filters: {}, sameColor: false });
});

const feedback = () => useMatch.getState().answer?.feedback;

test('what is said is noted with the answer that it was said of, and taken back by saying it again or by Undo', async () => {
  await say(B);
  expect(given).toMatchObject([
    { product: 'b', by: 'said', crop: 'auto', shown: { rank: 2, band: 'close', probability: null } },
  ]);
  expect(feedback()).toMatchObject({ product: 'b' });
  expect(useToast.getState()).toMatchObject({ text: 'Noted: this is it', action: { name: 'Undo' } });
  await say(B);
  expect(takenBack).toEqual(['1']);
  expect(feedback()).toBeNull();

  await say(null);
  expect(given[1]).toMatchObject({ product: null, shown: { rank: null } });
  useToast.getState().action?.run();
  await expect.poll(feedback).toBeNull();
  expect(takenBack).toEqual(['1', '2']);
});

test('Undo brings back what was said before', async () => {
  await say(B);
  await say(null);
  useToast.getState().action?.run();
  await expect.poll(feedback).toMatchObject({ id: '3', product: 'b', by: 'said' });
  expect(takenBack).toEqual(['2']);
  expect(given[2]).toMatchObject({ product: 'b', shown: { rank: 2 } });
  await noteCopied(A, 'Copied a');
  expect(given).toHaveLength(3);
  expect(feedback()).toMatchObject({ product: 'b' });
});

test('a copied SKU is noted once; the mark on its card takes it back', async () => {
  await noteCopied(A, 'Copied a');
  await noteCopied(A, 'Copied a');
  expect(given).toMatchObject([{ product: 'a', by: 'copied' }]);
  expect(useToast.getState().text).toBe('Copied a. Noted as this photo’s product');
  await say(A);
  expect(takenBack).toEqual(['1']);
  expect(feedback()).toBeNull();
});

test('nothing is noted where more than the photo was asked, and the keys say why', async () => {
  const others = [
    { query: { ...PHOTO, words: { text: 'in green', without: '' } } },
    { query: PHOTO, filters: { brand: ['Acme'] } },
    { query: { ...PHOTO, words: { text: '', without: 'stripes' } }, filters: {} },
    { query: PHOTO, sameColor: true },
    { query: { kind: 'words', words: { text: 'coat', without: '' } }, sameColor: false } as const,
  ];
  for (const state of others) {
    useMatch.setState(state);
    useToast.setState({ text: null });
    await noteCopied(B, 'Copied b');
    expect(useToast.getState().text).toBeNull();
    await say(B);
    await say(null);
    const text =
      useMatch.getState().query?.kind === 'photo' ? expect.stringContaining('ask without words') : null;
    expect(useToast.getState().text).toEqual(text);
    expect(isPhotoAlone(useMatch.getState())).toBe(false);
  }
  useMatch.setState({ query: { ...PHOTO, also: [new Uint8Array()] }, filters: {}, sameColor: false });
  await say(B);
  expect(useToast.getState().text).toContain('go one by one');
  expect(given).toHaveLength(0);
});
