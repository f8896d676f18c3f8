import { expect, test } from 'vitest';
import { LookalikeError } from '../../electron/contract/errors.ts';
import type { ModelState } from '../../electron/contract/models.ts';
import { faultSentence } from '../ui/sentences.ts';
import {
  againWords,
  factsOf,
  isApart,
  jobWords,
  recommended,
  snapshotsKeptWords,
  sourcesOf,
  spokenProgress,
  standingOf,
  switchWords,
  verifiedWords,
} from './model-words.ts';

const LISTED: ModelState = {
  id: 'fashion',
  name: 'Fashion',
  summary: '',
  more: false,
  expect: null,
  licence: 'MIT',
  kind: 'embedder',
  tier: 'full',
  words: true,
  bytes: 89_000_000,
  aboutBytes: 89_000_000,
  bytesHere: 0,
  installed: false,
  verifiedBy: null,
  inUse: false,
  downloadable: true,
  urls: [],
  removable: false,
};
const TESTED = {
  ...LISTED,
  expect: {
    msOnTwoCores: 132,
    tested: { name: 'LookBench', rightOf100: 63.2, of: 'full precision', url: 'https://bench.example' },
  },
};
const STOPPED = { ...LISTED, bytesHere: 43_000_000 };
const INSTALLED = { ...LISTED, bytesHere: 89_000_000, installed: true, verifiedBy: 'hub' } as const;
const OWN = { ...INSTALLED, id: 'own', verifiedBy: 'noted', downloadable: false } as const;

test('how much of a model is here', () => {
  expect(standingOf(LISTED).words).toBe('Not installed');
  expect(standingOf({ ...LISTED, downloadable: false }).words).toBe('Not installed; only from a file');
  expect(standingOf(STOPPED)).toEqual({ tone: 'partial', words: 'Download stopped at 43 MB of 89 MB' });
  expect(standingOf({ ...STOPPED, bytes: null }).words).toBe('Download stopped at 43 MB');
  expect(standingOf(INSTALLED).tone).toBe('installed');
  expect(standingOf({ ...INSTALLED, inUse: true }).tone).toBe('in-use');
});

test('only what is installed is vouched for', () => {
  expect(verifiedWords(INSTALLED)).toMatch(/its publisher vouches for/);
  expect(verifiedWords(OWN)).toMatch(/nobody else/);
  expect(verifiedWords({ ...STOPPED, verifiedBy: 'hub' })).toBe('');
});

test('a size that is not known is not made up, and once it is here it is known', () => {
  expect(factsOf({ ...LISTED, bytes: null, aboutBytes: null })[0]).toMatch(/not known/);
  expect(factsOf({ ...LISTED, bytes: null, aboutBytes: 154e6 })[0]).toBe('about 154 MB');
  expect(factsOf({ ...INSTALLED, bytes: null })).toEqual(['89 MB', '', '', 'Photos and words']);
  expect(factsOf({ ...LISTED, kind: 'subject', words: false })).toEqual(['89 MB']);
});

test('time and tests are told where they are known, with their source', () => {
  expect(factsOf(TESTED)).toEqual(['89 MB', '0.1 s a photo', '63 of 100 right', 'Photos and words']);
  expect(factsOf({ ...LISTED, expect: { msOnTwoCores: 28 } })[1]).toBe('0.03 s a photo');
  expect(sourcesOf([LISTED, TESTED])).toEqual([
    {
      name: 'Fashion',
      words: '63.2 of 100 in LookBench, tested with full precision',
      url: 'https://bench.example',
    },
  ]);
});

test('the first that can be had is recommended: no starter, no model of the company’s own', () => {
  const starter = { ...INSTALLED, id: 'starter', tier: 'starter' } as const;
  const subject = { ...LISTED, id: 'u2netp', kind: 'subject' } as const;
  expect(recommended([starter, subject, OWN, LISTED])?.id).toBe('fashion');
  expect(recommended([starter, OWN])).toBe(undefined);
  const rare = { ...LISTED, id: 'rare', more: true };
  expect(recommended([rare, LISTED])?.id).toBe('fashion');
  const chosen = { ...rare, removable: true };
  expect([rare, chosen, LISTED].map(isApart)).toEqual([true, false, false]);
  // The starter model of earlier versions comes with the app.
  const earlier = { ...starter, more: true, removable: false };
  expect(
    [
      { ...earlier, inUse: false },
      { ...earlier, inUse: true },
    ].map(isApart),
  ).toEqual([true, false]);
});

test('before a switch: how many pictures, how long, and what answers meanwhile', () => {
  expect(switchWords('Starter', 583, null)).toMatch(/^583 stored pictures .*still answers with Starter/);
  expect(switchWords('Starter', 583, { pictures: 400, secondsEstimate: 40 })).toMatch(
    /^400 stored pictures are looked at again with it, which takes about 40 s\./,
  );
  expect(switchWords('Starter', 583, { pictures: 0, secondsEstimate: null })).toMatch(/ready at once/);
  expect(switchWords('Starter', 0, null)).toMatch(/no catalog yet/);
});

test('before a switch: that the points to go back to stay with the model they were made with', () => {
  expect(snapshotsKeptWords('Starter', 3)).toBe(
    'The 3 snapshots in Catalog belong to Starter: you can go back to them again once Starter is in use.',
  );
  expect(snapshotsKeptWords('Starter', 1)).toBe('');
});

test('work is told with what is known of it, and said aloud by the quarter', () => {
  const progress = { done: 30_000_000, total: 90_000_000, rate: 5_000_000, secondsLeft: 12 };
  const download = {
    phase: 'running',
    work: 'install',
    progress: { phase: 'downloading', ...progress },
  } as const;
  expect(jobWords(download)?.numbers).toBe('30 MB of 90 MB · 5.0 MB a second · 12 s left');
  expect(spokenProgress('Fashion', download)).toBe('Fashion: Downloading, 25 percent');
  expect(jobWords({ ...download, progress: null })).toEqual({ work: 'Starting', share: null, numbers: '' });
  const use = { phase: 'running', work: 'use', progress: { phase: 'publishing', ...progress } } as const;
  expect(jobWords(use)).toEqual({ work: 'Switching over', share: null, numbers: '' });
  expect(jobWords({ phase: 'failed', work: 'use', error: new LookalikeError('MODEL_BUSY') })).toBe(null);
});

test('a download that left something behind is resumed', () => {
  expect(againWords('install', STOPPED)).toBe('Resume');
  expect(againWords('install', LISTED)).toBe('Try again');
  expect(againWords('use', INSTALLED)).toBe('Try again');
});

test('a download that fails names the stick and the mirror', () => {
  const params = { at: 'hub.example', reason: { kind: 'offline' }, proxy: null, kept: false };
  const sentence = faultSentence({ code: 'MODEL_DOWNLOAD_FAILED', params });
  expect(sentence).toMatch(/hub\.example cannot be reached.* from a stick, or use a mirror\.$/);
});
