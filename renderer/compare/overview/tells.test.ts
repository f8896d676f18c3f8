import { expect, test } from 'vitest';
import { answer, fakeWindow, startEngine, until } from '../../engine/test-engine.ts';
import { followTells, pileAgain, stopPiling, useTells } from './tells.ts';

const PROGRESS = { done: 1200, total: 5000, rate: 600, secondsLeft: 6 };
const PRICES = { priced: 0, currencies: [], apart: 0, unpriced: 0, gone: 0, fault: null };
const OVERVIEW = {
  hits: [],
  stylesHit: 0,
  prices: { ...PRICES, ours: { styles: 0, total: 0, elsewhere: 0 } },
};

test('piling shows how far it is, stops for the person, and goes on only when asked', async () => {
  fakeWindow();
  let [asked, isSlow] = [0, true];
  startEngine({
    comparisonOverview: answer.comparisonOverview.handler(() => OVERVIEW),
    comparisonPiles: answer.comparisonPiles.handler(async function* ({ signal }) {
      asked++;
      yield PROGRESS;
      if (isSlow) await new Promise((_, reject) => signal?.addEventListener('abort', reject));
      return { piles: [], seconds: 8 };
    }),
  });
  const stop = followTells('spring');
  const shown = () => useTells.getState();
  await until(() => expect(shown().piling).toEqual(PROGRESS));
  stopPiling();
  await until(() => expect(shown()).toMatchObject({ piling: 'stopped', piles: null, error: null }));
  expect(asked).toBe(1);
  isSlow = false;
  pileAgain();
  await until(() => expect(shown()).toMatchObject({ piling: null, piles: { piles: [] } }));
  expect(asked).toBe(2);
  stop();
});
