import { EventEmitter, once } from 'node:events';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { saying } from '../../cli/test-saying.ts';
import { serve } from '../feed/test-feed.ts';
import { ask, client, streamedText, text } from './test-http.ts';

test.each(['with a length', 'without'])('an answer %s that grows too large is left', async (announced) => {
  const events = new EventEmitter();
  const closed = once(events, 'closed');
  const url = await serve((_, answer) => {
    if (announced === 'with a length') answer.setHeader('content-length', 1e9);
    const timer = setInterval(() => answer.write(Buffer.alloc(60_000)), 5);
    answer.once('close', () => {
      clearInterval(timer);
      events.emit('closed');
    });
  });
  expect(await text(url)).toMatchObject({ code: 'FEED_TOO_LARGE', item: url });
  await closed;
});

const plain = JSON.stringify({ products: 'x'.repeat(5000) });
const gzip = gzipSync(plain);

test.each([
  ['gzip', gzip, 'gzip'],
  ['a .gz file', gzip, undefined],
  ['a .gz file compressed once more', gzipSync(gzip), 'gzip'],
  ['a .gz file that is said to be compressed once more', gzip, 'gzip'],
  ['gzip that is none', plain, 'gzip'],
  ['gzip in two members', Buffer.concat([gzipSync(plain.slice(0, 99)), gzipSync(plain.slice(99))]), 'gzip'],
  ['brotli', brotliCompressSync(plain), 'br'],
  ['brotli around a .gz file', brotliCompressSync(gzip), 'br'],
  ['nothing', plain, 'identity'],
])('%s is unpacked', async (_, body, encoding) => {
  const url = await serve((_, answer) => {
    if (encoding) answer.setHeader('content-encoding', encoding);
    answer.end(body);
  });
  expect(await text(url)).toBe(plain);
  expect(await streamedText(url)).toBe(plain);
});

test('gzip that comes byte by byte, and a body of one byte or none', async () => {
  const url = await serve((request, answer) => {
    if (request.url === '/gzip') for (const byte of gzip) answer.write(Buffer.of(byte));
    answer.end(request.url === '/one' ? '1' : '');
  });
  expect(await streamedText(`${url}/gzip`)).toBe(plain);
  expect(await streamedText(`${url}/one`)).toBe('1');
  expect(await streamedText(`${url}/none`)).toBe('');
});

test.each([
  ['gzip', gzipSync(Buffer.alloc(50_000_000))],
  ['gzip in gzip', gzipSync(gzipSync(Buffer.alloc(50_000_000)))],
])('a bomb of %s is TOO_LARGE', async (_, bomb) => {
  expect(bomb.length).toBeLessThan(100_000);
  const url = await serve((_, answer) => answer.end(bomb));
  expect(await text(url)).toMatchObject({ code: 'FEED_TOO_LARGE' });
  expect(await streamedText(url)).toMatchObject({ code: 'FEED_TOO_LARGE' });
});

test('a bomb of brotli is TOO_LARGE', async () => {
  const bomb = brotliCompressSync(Buffer.alloc(5_000_000));
  const url = await serve((_, answer) => answer.setHeader('content-encoding', 'br').end(bomb));
  expect(await text(url)).toMatchObject({ code: 'FEED_TOO_LARGE' });
});

test('gzip that breaks off or is damaged, and an encoding nobody asked for', async () => {
  const damaged = Buffer.from(gzip);
  damaged.fill(0xff, 12, 30);
  const url = await serve((request, answer) => {
    if (request.url === '/zstd') answer.setHeader('content-encoding', 'zstd').end(gzip);
    else answer.end(request.url === '/half' ? gzip.subarray(0, gzip.length / 2) : damaged);
  });
  expect(await text(`${url}/half`)).toMatchObject({ fault: saying('The compressed data breaks off.') });
  expect(await text(`${url}/damaged`)).toMatchObject({ fault: saying('The compressed data is damaged.') });
  expect(await text(`${url}/zstd`)).toMatchObject({ fault: saying('compressed as "zstd"') });
});

test('an open answer says where it came from, what it is and what follows it', async () => {
  const url = await serve((request, answer) => {
    if (request.url === '/') {
      const location = `http://eve:s3cret@${request.headers.host}/shop/p.json?page=1`;
      return answer.writeHead(302, { location }).end();
    }
    answer.setHeader('content-type', 'application/json; charset=utf-8');
    answer.setHeader('etag', 'W/"1"');
    answer.setHeader('link', [
      '<?page=2>; rel="next"; title="a, b; c", <https://cdn.example/x>; rel="alternate  Self"',
      '</first>; rel=first',
      '<::>; rel=prev, <?page=9>; rel=next, <no-relation>',
    ]);
    return answer.end('[]');
  });
  const opened = await client.open(`${url}/`, ask(url));
  expect(opened).toMatchObject({
    url: `${url}/shop/p.json?page=1`,
    contentType: 'application/json; charset=utf-8',
    validator: 'etag:W/"1"',
    links: {
      next: `${url}/shop/p.json?page=2`,
      alternate: 'https://cdn.example/x',
      self: 'https://cdn.example/x',
      first: `${url}/first`,
    },
  });
});

test('a stream that is left early lets go of the server', async () => {
  const events = new EventEmitter();
  const closed = once(events, 'closed');
  const url = await serve((_, answer) => {
    answer.once('close', () => events.emit('closed'));
    answer.write('first');
  });
  const opened = await client.open(url, ask(url));
  if (opened === 'unchanged') throw new Error('there was nothing to compare with');
  for await (const part of opened.stream) {
    expect(Buffer.from(part).toString()).toBe('first');
    break;
  }
  await closed;
});
