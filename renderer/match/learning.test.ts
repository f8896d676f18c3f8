import { beforeAll, expect, test } from 'vitest';
import { answer, fakeWindow, startEngine, until } from '../engine/test-engine.ts';
import { useToast } from '../page/toast.ts';
import { forgetPhotos, readLearning, switchLearning, useLearning } from './learning.ts';

const now = { on: true, photos: 12 };

beforeAll(() => {
  fakeWindow();
  startEngine({
    learning: answer.learning.handler(() => now),
    switchLearning: answer.switchLearning.handler(({ input }) => Object.assign(now, input)),
    forgetPhotos: answer.forgetPhotos.handler(() => Object.assign(now, { photos: 0 })),
  });
});

test('what was learned is read, switched off and forgotten', async () => {
  await readLearning();
  await until(() => expect(useLearning.getState().learning).toEqual({ on: true, photos: 12 }));
  await switchLearning(false);
  expect(useLearning.getState().learning).toEqual({ on: false, photos: 12 });
  await forgetPhotos();
  expect(useLearning.getState().learning).toEqual({ on: false, photos: 0 });
  expect(useToast.getState().text).toMatch(/^Forgotten/);
});
