import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { saying } from '../../cli/test-saying.ts';
import { collected } from '../net/body.ts';
import { openResource, type ResourceRequest, readResource } from './resource.ts';
import { serve, temporaryFolder } from './test-feed.ts';

const limits: ResourceRequest = {
  reason: 'feed',
  maxBytes: 1000,
  timeoutMs: 60_000,
  errors: { unreachable: 'FEED_UNREACHABLE', tooLarge: 'FEED_TOO_LARGE' },
  signal: new AbortController().signal,
};

test('a file: its bytes, and unchanged until its size or time differs', async () => {
  const path = join(await temporaryFolder(), 'a');
  await writeFile(path, 'one');
  const first = await readResource(path, limits);
  if (first === 'unchanged') throw new Error('there was nothing to compare with');
  expect(Buffer.from(first.bytes).toString()).toBe('one');
  expect(await readResource(path, { ...limits, validator: first.validator })).toBe('unchanged');
  await utimes(path, 1000, 1000);
  expect(await readResource(path, { ...limits, validator: first.validator })).toMatchObject({
    bytes: Buffer.from('one'),
  });
});

test('a file that is missing, a folder, or too large', async () => {
  const folder = await temporaryFolder();
  const large = join(folder, 'large');
  await mkdir(join(folder, 'folder'));
  await writeFile(large, Buffer.alloc(1001));
  await expect(readResource(join(folder, 'none'), limits)).rejects.toMatchObject({
    code: 'FEED_UNREACHABLE',
    fault: saying('There is no file at'),
  });
  await expect(readResource(join(folder, 'folder'), limits)).rejects.toMatchObject({
    code: 'FEED_UNREACHABLE',
  });
  await expect(readResource(large, limits)).rejects.toMatchObject({ code: 'FEED_TOO_LARGE', item: large });
});

test.each([
  ['etag', '"v1"', 'if-none-match'],
  ['last-modified', 'Wed, 01 Jul 2026 10:00:00 GMT', 'if-modified-since'],
])('http: %s is sent back, and 304 is unchanged', async (header, value, condition) => {
  const url = await serve((request, answer) => {
    if (request.headers[condition] === value) answer.writeHead(304).end();
    else answer.setHeader(header, value).end('bytes');
  });
  const first = await readResource(url, { ...limits, ownHost: new URL(url).host });
  if (first === 'unchanged') throw new Error('there was nothing to compare with');
  expect(Buffer.from(first.bytes).toString()).toBe('bytes');
  expect(await readResource(url, { ...limits, ownHost: new URL(url).host, validator: first.validator })).toBe(
    'unchanged',
  );
});

test('304 is no answer to who did not ask whether it had changed', async () => {
  const url = await serve((_, answer) => answer.writeHead(304).end());
  await expect(readResource(url, { ...limits, ownHost: new URL(url).host })).rejects.toMatchObject({
    code: 'FEED_UNREACHABLE',
    fault: saying('The server answered 304 Not Modified.'),
    item: url,
  });
});

test('a file as a stream, unpacked when it is gzip, and unchanged', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'feed.json.gz');
  await writeFile(path, gzipSync('bytes'));
  const opened = await openResource(path, limits);
  if (opened === 'unchanged') throw new Error('there was nothing to compare with');
  const { stream, validator, ...rest } = opened;
  expect(Buffer.from(await collected(stream)).toString()).toBe('bytes');
  expect(rest).toEqual({ url: path, contentType: null, links: {} });
  expect(await openResource(path, { ...limits, validator })).toBe('unchanged');
});

test('a file that unpacks to too much, and one that breaks off', async () => {
  const folder = await temporaryFolder();
  const [bomb, half] = [join(folder, 'bomb.gz'), join(folder, 'half.gz')];
  await writeFile(bomb, gzipSync(Buffer.alloc(100_000)));
  await writeFile(half, gzipSync('bytes').subarray(0, -4));
  await expect(readResource(bomb, limits)).rejects.toMatchObject({ code: 'FEED_TOO_LARGE', item: bomb });
  await expect(readResource(half, limits)).rejects.toMatchObject({
    code: 'FEED_UNREACHABLE',
    fault: saying('The compressed data breaks off.'),
  });
});

test('a file is not read once cancelled', async () => {
  const path = join(await temporaryFolder(), 'a');
  await writeFile(path, 'one');
  const signal = AbortSignal.abort();
  await expect(readResource(path, { ...limits, signal })).rejects.toMatchObject({ code: 'CANCELLED' });
});
