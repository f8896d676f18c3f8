import { expect, test } from 'vitest';
import { faultSentence } from './sentences.ts';

test('a fault inside another one is said by the same front', () => {
  const example = { item: 'feed', image: null, params: { charset: 'gbk' } };
  const reasons = [{ code: 'FEED_CHARSET_GUESSED', count: 3, example }];
  const sentence = faultSentence({ code: 'FEED_EMPTY', params: { reasons } });
  expect(sentence).toContain('it was read as gbk');
  expect(sentence).toContain('--charset (first: feed).');
});

test('a fault of another version of the app is said by its code', () => {
  expect(faultSentence({ code: 'FROM_LATER' })).toBe('FROM_LATER');
  expect(faultSentence({ code: 'FEED_CHARSET_GUESSED', params: { label: 'gbk' } })).toBe(
    'FEED_CHARSET_GUESSED',
  );
});
