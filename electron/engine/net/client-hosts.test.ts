import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { saying } from '../../cli/test-saying.ts';
import { serve } from '../feed/test-feed.ts';
import { HttpClient } from './client.ts';
import { ask, client, serveSocket, text } from './test-http.ts';

test('at most six requests at a time go to one host', async () => {
  let now = 0;
  let most = 0;
  const url = await serve((_, answer) => {
    most = Math.max(most, ++now);
    setTimeout(() => {
      now--;
      answer.end('bytes');
    }, 20);
  });
  const read = await Promise.all(Array.from({ length: 30 }, () => text(url)));
  expect(read).toEqual(Array(30).fill('bytes'));
  expect(most).toBe(6);
});

test('connections are kept, also past redirects and unchanged answers', async () => {
  const sockets = new Set<unknown>();
  const url = await serve((request, answer) => {
    sockets.add(request.socket);
    if (request.url === '/from') answer.writeHead(302, { location: '/' }).end('moved');
    else answer.writeHead(304).end();
  });
  for (let i = 0; i < 20; i++) expect(await text(`${url}/from`, { validator: 'etag:1' })).toBe('unchanged');
  // The rest of a redirect's body may still be arriving when the next request is sent.
  expect(sockets.size).toBeLessThanOrEqual(2);
});

test.each([301, 302, 303, 307, 308])('a %d is followed', async (status) => {
  const url = await serve((request, answer) => {
    if (request.url === '/to') answer.end('bytes');
    else answer.writeHead(status, { location: '/to' }).end('moved');
  });
  expect(await text(`${url}/from`)).toBe('bytes');
});

test('redirects in a circle, to nowhere and to what is not http', async () => {
  let requests = 0;
  const url = await serve((request, answer) => {
    requests++;
    const targets: Record<string, string> = {
      '/circle': '/circle',
      '/file': 'file:///etc/passwd',
      '/bad': 'http://[',
    };
    const location = targets[request.url ?? ''];
    answer.writeHead(302, location ? { location } : {}).end();
  });
  expect(await text(`${url}/circle`)).toMatchObject({
    fault: saying('more than 10 times'),
  });
  expect(requests).toBe(11);
  expect(await text(`${url}/file`)).toMatchObject({
    fault: saying('redirects to "file:"'),
  });
  expect(await text(`${url}/bad`)).toMatchObject({ fault: saying('to nowhere') });
  expect(await text(`${url}/none`)).toMatchObject({ fault: saying('to nowhere') });
});

/** A host on this machine that must never be reached. */
async function forbidden() {
  const seen = { connections: 0 };
  const origin = await serveSocket((socket) => {
    seen.connections++;
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret');
  });
  return { seen, origin, port: new URL(origin).port };
}

test("this machine is refused unless it is the feed's own host and port", async () => {
  const { seen, origin, port } = await forbidden();
  const refused = { code: 'ADDRESS_REFUSED', item: origin, fault: saying('127.0.0.1') };
  const without = ask(origin);
  delete without.ownHost;
  await expect(client.read(origin, without)).rejects.toMatchObject(refused);
  await expect(client.open(origin, without)).rejects.toMatchObject(refused);
  for (const ownHost of ['shop.example', '127.0.0.1', '127.0.0.1:1', `localhost:${port}`]) {
    expect(await text(origin, { ownHost })).toMatchObject(refused);
  }
  expect(seen.connections).toBe(0);
  expect(await text(origin)).toBe('secret');
});

test('a name for this machine is refused, even when a connection to it stands open', async () => {
  const url = await serve((_, answer) => answer.end('bytes'));
  const site = `http://cdn.example:${new URL(url).port}`;
  const rebinding = new HttpClient((_host, _options, callback) =>
    callback(null, [{ address: '127.0.0.1', family: 4 }]),
  );
  expect(await text(site, {}, rebinding)).toBe('bytes');
  expect(await text(site, { ownHost: 'shop.example' }, rebinding)).toMatchObject({
    code: 'ADDRESS_REFUSED',
    fault: saying('cdn.example'),
  });
});

test.each(['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1', '0', '127.1'])(
  "the feed's host may not redirect to %s",
  async (host) => {
    const { seen, port } = await forbidden();
    const url = await serve((_, answer) =>
      answer.writeHead(302, { location: `http://${host}:${port}/` }).end(),
    );
    expect(await text(url)).toMatchObject({ code: 'ADDRESS_REFUSED', item: url });
    expect(seen.connections).toBe(0);
  },
);

test('headers and credentials reach the host they are for, also past a redirect of its own', async () => {
  const seen: unknown[] = [];
  const url = await serve((request, answer) => {
    seen.push([request.headers.authorization, request.headers['x-key']]);
    if (request.url === '/from') answer.writeHead(302, { location: '/to' }).end();
    else answer.end('bytes');
  });
  const basic = `Basic ${Buffer.from('ada:s3cret').toString('base64')}`;
  const site = url.replace('//', '//ada:s3cret@');
  expect(await text(`${site}/from`, { headers: { 'x-key': 'k' } })).toBe('bytes');
  expect(await text(site, { headers: { authorization: 'Bearer b' } })).toBe('bytes');
  expect(seen).toEqual([
    [basic, 'k'],
    [basic, 'k'],
    ['Bearer b', undefined],
  ]);
});

test('a password is in no error', async () => {
  const url = await serve((request, answer) => {
    const status = Number(request.url?.slice(1));
    if (status === 302) answer.writeHead(302, { location: 'http://eve:s3cret@10.0.0.1/' }).end();
    else answer.writeHead(status || 200).end('more than nothing');
  });
  const site = url.replace('//', '//ada:s3cret@');
  const gone = await serve(() => {});
  const failures = [
    await text(`${site}/401`),
    await text(`${site}/404`),
    await text(`${site}/302`),
    await text(`${site}/`, { maxBytes: 3 }),
    await text(`${site}/`, { ownHost: 'shop.example' }),
    await text(gone.replace('//', '//ada:s3cret@').replace(/\d+$/, '1')),
    await text(gone.replace('//', '//ada:s3cret@'), { timeoutMs: 100 }),
  ];
  const expected = [
    'AUTH_REFUSED',
    'FEED_UNREACHABLE',
    'ADDRESS_REFUSED',
    'FEED_TOO_LARGE',
    'ADDRESS_REFUSED',
  ];
  expect(failures).toMatchObject(
    [...expected, 'FEED_UNREACHABLE', 'FEED_UNREACHABLE'].map((code) => ({ code })),
  );
  // The causes too.
  expect(inspect(failures, { depth: 10 })).not.toMatch(/s3cret|YWRhOnMzY3JldA/);
});

test('what is no URL is a failure that repeats no password', async () => {
  await expect(client.read('http://ada:s3cret@bad host/', ask('http://a'))).rejects.toMatchObject({
    code: 'FEED_UNREACHABLE',
    fault: saying('This is not a web address: http://bad host/.'),
  });
});
