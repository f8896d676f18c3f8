import { expect, test } from 'vitest';
import { saying } from '../../cli/test-saying.ts';
import { serve } from '../feed/test-feed.ts';
import { quick, serveSocket, streamedText, text } from './test-http.ts';

test.each([408, 429, 500, 502, 503, 504])('a %d is asked again', async (status) => {
  let requests = 0;
  const url = await serve((_, answer) => answer.writeHead(++requests < 3 ? status : 200).end('bytes'));
  expect(await text(url)).toBe('bytes');
  expect(requests).toBe(3);
});

test.each([400, 404, 410, 501])('a %d is not', async (status) => {
  let requests = 0;
  const url = await serve((_, answer) => answer.writeHead(status).end(String(++requests)));
  expect(await text(url)).toMatchObject({
    code: 'FEED_UNREACHABLE',
    fault: saying(new RegExp(`^The server answered ${status} [A-Z][^.]*\\.$`)),
    item: url,
  });
  expect(requests).toBe(1);
});

test('four tries are all, each after twice the wait', async () => {
  const times: number[] = [];
  const url = await serve((_, answer) => {
    times.push(performance.now());
    answer.writeHead(500).end();
  });
  const slower = { ...quick, backoffMs: 100 };
  expect(await text(url, { patience: slower })).toMatchObject({
    fault: saying('The server answered 500 Internal Server Error.'),
  });
  const waits = times.slice(1).map((time, i) => time - (times[i] ?? 0));
  expect(waits).toHaveLength(3);
  // At least half of 100, 200 and 400; a timer may be early by up to a millisecond.
  for (const [i, least] of [49, 99, 199].entries()) expect(waits[i]).toBeGreaterThan(least);
});

test('a connection that is broken off before the answer is tried again', async () => {
  let requests = 0;
  const url = await serve((request, answer) => {
    if (++requests < 3) request.socket.destroy();
    else answer.end('bytes');
  });
  expect(await text(url)).toBe('bytes');
});

test.each([401, 403])('a %d is AUTH_REFUSED at once', async (status) => {
  let requests = 0;
  const url = await serve((_, answer) => answer.writeHead(status).end(String(++requests)));
  expect(await text(url)).toMatchObject({ code: 'AUTH_REFUSED', item: url });
  expect(requests).toBe(1);
});

test.each([
  ['seconds', () => '1', 1000],
  // A date is in whole seconds, so two seconds from now are at least one.
  ['a date', () => new Date(Date.now() + 2000).toUTCString(), 1000],
])('Retry-After in %s is waited for', async (_, retryAfter, ms) => {
  const times: number[] = [];
  const url = await serve((_, answer) => {
    times.push(Date.now());
    if (times.length === 1) answer.writeHead(429, { 'retry-after': retryAfter() }).end();
    else answer.end('bytes');
  });
  expect(await text(url)).toBe('bytes');
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(ms);
});

test('a server that asks for a long wait is given up, and says so', async () => {
  let requests = 0;
  const url = await serve((_, answer) => {
    requests++;
    answer.writeHead(503, { 'retry-after': '120' }).end();
  });
  expect(await text(url)).toMatchObject({
    fault: saying('The server answered 503 Service Unavailable and asks to wait 120 seconds.'),
  });
  expect(requests).toBe(1);
});

test('no try begins after the time limit', async () => {
  let requests = 0;
  const url = await serve((_, answer) => answer.writeHead(503).end(String(++requests)));
  const patient = { ...quick, backoffMs: 60_000 };
  expect(await text(url, { timeoutMs: 5000, patience: patient })).toMatchObject({ code: 'FEED_UNREACHABLE' });
  expect(requests).toBe(1);
});

test('aborting ends the wait for the next try', async () => {
  const cancel = new AbortController();
  const url = await serve((_, answer) => {
    answer.writeHead(503).end();
    answer.once('close', () => setTimeout(() => cancel.abort(), 50));
  });
  const patient = { ...quick, backoffMs: 1e6 };
  expect(await text(url, { signal: cancel.signal, timeoutMs: 1e8, patience: patient })).toMatchObject({
    code: 'CANCELLED',
  });
});

test.each(['before', 'in the middle of'])('aborting %s an answer is CANCELLED', async (moment) => {
  const cancel = new AbortController();
  const url = await serve((_, answer) => {
    if (moment !== 'before') answer.write('first');
    setTimeout(() => cancel.abort(), 20);
  });
  expect(await text(url, { signal: cancel.signal })).toMatchObject({ code: 'CANCELLED' });
  expect(await streamedText(url, { signal: cancel.signal })).toMatchObject({ code: 'CANCELLED' });
});

test.each([
  ['of known length', 'HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\nhalf'],
  ['in chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
])('an answer %s that breaks off is read anew; a stream throws', async (_, half) => {
  const whole = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nwhole';
  let requests = 0;
  const url = await serveSocket((socket) => {
    socket.once('data', () => socket.end(++requests % 3 === 0 ? whole : half));
  });
  expect(await text(url)).toBe('whole');
  expect(requests).toBe(3);
  expect(await streamedText(url)).toMatchObject({
    code: 'FEED_UNREACHABLE',
    fault: saying('The server broke the connection off.'),
    item: url,
  });
  expect(requests).toBe(4);
});

test('bytes beyond those that were announced are not taken', async () => {
  const url = await serveSocket((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nhalf and more'));
  });
  expect(await text(url)).toBe('half');
});

test('an answer that is not http is a failure', async () => {
  const url = await serveSocket((socket) => socket.once('data', () => socket.end('220 mail ready\r\n')));
  expect(await text(url)).toMatchObject({ code: 'FEED_UNREACHABLE', item: url });
});

test.each([
  ['nothing', '', 'The server took the request and sent no answer.'],
  ['half a header', 'HTTP/1.1 200 OK\r\ncontent-', 'The server took the request and sent no answer.'],
  [
    'half a body',
    'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf',
    'The server stopped in the middle of its answer.',
  ],
])('a server that falls silent after %s is given up', async (_, said, message) => {
  let requests = 0;
  const url = await serveSocket((socket) => {
    socket.once('data', () => {
      requests++;
      socket.write(said);
    });
  });
  expect(await text(url)).toMatchObject({ code: 'FEED_UNREACHABLE', fault: saying(message) });
  expect(requests).toBe(4);
});

test.each([
  ['its header', 'HTTP/1.1 200 OK\r\nx: '],
  ['its answer', 'HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n'],
])('a server that drips %s is given up at the time limit', async (_, begin) => {
  const url = await serveSocket((socket) => {
    socket.once('data', () => {
      socket.write(begin);
      const timer = setInterval(() => socket.write('x'), 20);
      socket.once('close', () => clearInterval(timer));
    });
  });
  const bearing = { ...quick, idleMs: 10_000 };
  expect(await text(url, { timeoutMs: 400, patience: bearing })).toMatchObject({
    code: 'FEED_UNREACHABLE',
    fault: saying('No complete answer came within 0.4 seconds.'),
  });
});

test('a failure whose own page never ends does not hold anyone up', async () => {
  const url = await serveSocket((socket) => {
    socket.once('data', () => socket.write('HTTP/1.1 404 Not Found\r\ncontent-length: 9999\r\n\r\n'));
    const timer = setInterval(() => socket.write('x'), 20);
    socket.once('close', () => clearInterval(timer));
  });
  expect(await text(url)).toMatchObject({ fault: saying('The server answered 404 Not Found.') });
});
