import { expect, test } from 'vitest';
import { undecidableRow } from './compare-trust-commands.ts';
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

test('a model that cannot be downloaded can come from a stick or a mirror', () => {
  const params = { at: 'hub.example', reason: { kind: 'offline' }, proxy: null, kept: true };
  const sentence = faultSentence({ code: 'MODEL_DOWNLOAD_FAILED', params });
  expect(sentence).toMatch(/hub\.example cannot be reached.* is kept.*a stick.*--from PATH.*--mirror URL/);
});

test('a row that cannot be decided is refused, and why is said', () => {
  expect(undecidableRow(3, { status: 'answered', sources: [] })).toBeNull();
  const said = (status?: 'failed' | 'waiting') => {
    const error = undecidableRow(3, status && { status, sources: [] });
    return error && faultSentence(error.fault);
  };
  expect(said('failed')).toContain('could not be read');
  expect(said('waiting')).toContain('not compared yet');
  expect(said()).toContain('no row 3');
});
