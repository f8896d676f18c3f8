import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeAll, expect, test } from 'vitest';
import { answer, fakeWindow, startEngine, until } from '../engine/test-engine.ts';
import { useToast } from '../page/toast.ts';
import { forgetLearned, readLearning, switchLearning, useLearning } from './learning.ts';
import { learnedWords, Sure } from './learning-setting.tsx';

const NOTHING_SAID = { confirmed: 0, products: 0, gone: 0, absent: 0, counts: false, color: null };
const now = { on: true, photos: 12, feedback: NOTHING_SAID };

beforeAll(() => {
  fakeWindow();
  startEngine({
    learning: answer.learning.handler(() => now),
    switchLearning: answer.switchLearning.handler(({ input }) => Object.assign(now, input)),
    forgetLearned: answer.forgetLearned.handler(() => Object.assign(now, { photos: 0 })),
  });
});

test('what was learned is read, switched off and forgotten', async () => {
  await readLearning();
  await until(() => expect(useLearning.getState().learning).toMatchObject({ on: true, photos: 12 }));
  await switchLearning(false);
  expect(useLearning.getState().learning).toMatchObject({ on: false, photos: 12 });
  await forgetLearned();
  expect(useLearning.getState().learning).toMatchObject({ on: false, photos: 0 });
  expect(useToast.getState().text).toMatch(/^Forgotten/);
});

test('what was learned is said in sentences', () => {
  expect(learnedWords(now).join(' ')).toMatch(/^\d+ photos? searched\.$/);
  const feedback = { confirmed: 23, products: 9, gone: 2, absent: 4, counts: true, color: 0.7 };
  expect(learnedWords({ on: true, photos: 41, feedback })).toEqual([
    '41 photos searched.',
    '23 photos confirmed, of 9 products.',
    '4 photos not in our range.',
    '2 of the confirmed are of products that the catalog does not have now.',
    'Confirmed photos count as pictures of their products, because that ranks them better.',
    'Colour counts 70 %, as confirmed photos have shown.',
  ]);
});

test('asked whether to forget, the first button and the focus keep', () => {
  const nothing = () => {};
  const html = renderToStaticMarkup(createElement(Sure, { onKeep: nothing, onForget: nothing }));
  expect(html).toMatch(/<button[^>]* autofocus=""[^>]*>Keep<.*Forget everything/);
  expect(html.match(/autofocus/g)).toHaveLength(1);
});
