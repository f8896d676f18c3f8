import { once } from 'node:events';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../test-catalog.ts';
import { type ResourceRequest, readResource } from './resource.ts';

const limits: ResourceRequest = {
  maxBytes: 1000,
  timeoutMs: 60_000,
  errors: { unreachable: 'FEED_UNREACHABLE', tooLarge: 'FEED_TOO_LARGE' },
  signal: new AbortController().signal,
};

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}/`;
}

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
    message: expect.stringContaining('There is no file at'),
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
  const first = await readResource(url, { ...limits, feedHost: new URL(url).host });
  if (first === 'unchanged') throw new Error('there was nothing to compare with');
  expect(Buffer.from(first.bytes).toString()).toBe('bytes');
  expect(
    await readResource(url, { ...limits, feedHost: new URL(url).host, validator: first.validator }),
  ).toBe('unchanged');
});

test.each([
  [404, 'The server answered 404 Not Found.'],
  [500, 'The server answered 500 Internal Server Error.'],
  // Nobody asked whether it had changed.
  [304, 'The server answered 304 Not Modified.'],
])('http %d is a failure in words', async (status, message) => {
  const url = await serve((_, answer) => answer.writeHead(status).end('sorry'));
  await expect(readResource(url, { ...limits, feedHost: new URL(url).host })).rejects.toMatchObject({
    code: 'FEED_UNREACHABLE',
    message,
    item: url,
  });
});

test('nothing listens there', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  server.close();
  await once(server, 'close');
  await expect(
    readResource(`http://127.0.0.1:${address.port}/`, { ...limits, feedHost: `127.0.0.1:${address.port}` }),
  ).rejects.toMatchObject({
    code: 'FEED_UNREACHABLE',
    message: expect.stringContaining('Nothing answers at'),
  });
});

test('an answer that grows too large is given up before it is whole', async () => {
  const url = await serve((_, answer) => {
    const more = () => answer.write(Buffer.alloc(400));
    const timer = setInterval(more, 5);
    answer.once('close', () => clearInterval(timer));
  });
  await expect(readResource(url, { ...limits, feedHost: new URL(url).host })).rejects.toMatchObject({
    code: 'FEED_TOO_LARGE',
  });
});

test('a server that drips is given up at the time limit', async () => {
  const url = await serve((_, answer) => {
    const timer = setInterval(() => answer.write('x'), 20);
    answer.once('close', () => clearInterval(timer));
  });
  await expect(
    readResource(url, { ...limits, feedHost: new URL(url).host, timeoutMs: 200 }),
  ).rejects.toMatchObject({
    code: 'FEED_UNREACHABLE',
    message: 'No complete answer came within 0.2 seconds.',
  });
});

test('an answer that breaks off is a failure', async () => {
  const url = await serve((_, answer) => {
    answer.writeHead(200, { 'content-length': '500' });
    answer.write('half', () => answer.destroy());
  });
  await expect(readResource(url, { ...limits, feedHost: new URL(url).host })).rejects.toMatchObject({
    code: 'FEED_UNREACHABLE',
  });
});

test('aborting, before and in the middle of an answer, is CANCELLED', async () => {
  const cancel = new AbortController();
  const url = await serve((_, answer) => {
    answer.write('first');
    cancel.abort();
  });
  await expect(
    readResource(url, { ...limits, feedHost: new URL(url).host, signal: cancel.signal }),
  ).rejects.toMatchObject({
    code: 'CANCELLED',
  });
  await expect(
    readResource(url, { ...limits, feedHost: new URL(url).host, signal: cancel.signal }),
  ).rejects.toMatchObject({
    code: 'CANCELLED',
  });
});
