import { once } from 'node:events';
import { stat, writeFile } from 'node:fs/promises';
import { request as ask } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { drawPicture, item } from '../engine/test-catalog.ts';
import { as, openTestServer, serve, type TestServer } from './test-server.ts';

let shop: TestServer;
let photo: string;

beforeAll(async () => {
  shop = await openTestServer([item(0), item(1)], [0, 1]);
  photo = JSON.stringify({ image: Buffer.from(await drawPicture(1)).toString('base64') });
});

const FIND = '/api/image-search/find-similar';

/** Sends a request as it stands, which no HTTP client would, and returns all that came back. */
async function raw(port: number, lines: readonly string[], body = ''): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    `${[...lines, 'Connection: close', `Content-Length: ${Buffer.byteLength(body)}`].join('\r\n')}\r\n\r\n${body}`,
  );
  return text(socket);
}

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
const bearer = () => `Authorization: ${as('search').authorization}`;

/** A right request but for one header. */
const search = (port: number, host: string, ...headers: string[]) =>
  raw(port, [`POST ${FIND} HTTP/1.1`, `Host: ${host}`, bearer(), ...headers], photo);

/** The server still answers a client. */
async function expectAnswers(port = shop.port): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}${FIND}`, {
    method: 'POST',
    headers: as('search'),
    body: photo,
  });
  expect(answer.status).toBe(200);
}

test('DNS rebinding: a host that is not spelt as ours is refused, whatever the token', async () => {
  const { port } = shop;
  const right = [`127.0.0.1:${port}`, `localhost:${port}`, `LocalHost:${port}`];
  for (const host of right) expect(statusOf(await search(port, host)), host).toBe(200);
  const wrong = [
    'evil.example',
    `evil.example:${port}`,
    `localhost.evil.example:${port}`,
    `127.0.0.1.evil.example:${port}`,
    `localhost.:${port}`,
    `127.0.0.1.:${port}`,
    'localhost',
    '127.0.0.1',
    `localhost:${port + 1}`,
    `localhost:0${port}`,
    `[::1]:${port}`,
    `[::ffff:127.0.0.1]:${port}`,
    `0.0.0.0:${port}`,
    `127.1:${port}`,
    `2130706433:${port}`,
    `127.0.0.1:${port}@evil.example`,
    `localhost:${port}, evil.example`,
    '',
  ];
  for (const host of wrong) expect(statusOf(await search(port, host)), host).toBe(403);
});

test('two hosts, no host and a target of a proxy are refused', async () => {
  const { port } = shop;
  const host = `Host: 127.0.0.1:${port}`;
  expect(statusOf(await search(port, `127.0.0.1:${port}`, 'Host: evil.example'))).toBe(403);
  expect(statusOf(await raw(port, [`POST ${FIND} HTTP/1.1`, bearer()], photo))).toBe(400);
  for (const target of [`http://evil.example${FIND}`, `http://127.0.0.1:${port}${FIND}`, '*']) {
    expect(statusOf(await raw(port, [`POST ${target} HTTP/1.1`, host, bearer()], photo)), target).toBe(403);
  }
  expect(await raw(port, [`CONNECT 127.0.0.1:${port} HTTP/1.1`, host, bearer()])).toContain('403');
});

test('a web page is refused by its origin and by Sec-Fetch-Site, and is told nothing by CORS', async () => {
  const { port } = shop;
  const host = `127.0.0.1:${port}`;
  const origins = ['https://evil.example', `http://${host}`, `http://localhost:${port}`, 'null', ''];
  for (const origin of origins) {
    const answer = await search(port, host, `Origin: ${origin}`);
    expect(statusOf(answer), origin).toBe(403);
    expect(answer.toLowerCase()).not.toContain('access-control');
  }
  for (const site of ['cross-site', 'same-site', 'else'])
    expect(statusOf(await search(port, host, `Sec-Fetch-Site: ${site}`)), site).toBe(403);
  for (const site of ['none', 'same-origin'])
    expect(statusOf(await search(port, host, `Sec-Fetch-Site: ${site}`)), site).toBe(200);
  const asksFirst = await raw(port, [
    `OPTIONS ${FIND} HTTP/1.1`,
    `Host: ${host}`,
    'Origin: https://evil.example',
    'Access-Control-Request-Method: POST',
    'Access-Control-Request-Headers: authorization',
  ]);
  expect(statusOf(asksFirst)).toBe(403);
  expect(asksFirst.toLowerCase()).not.toContain('access-control');
});

test('what a page may send without asking (simple POST, form POST, picture address) is refused', async () => {
  const host = `Host: 127.0.0.1:${shop.port}`;
  // Old browsers send no origin with these. None can send the token.
  const forms = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'];
  for (const type of forms) {
    const sent = [`POST ${FIND} HTTP/1.1`, host, `Content-Type: ${type}`, 'Cookie: token=x'];
    expect(statusOf(await raw(shop.port, sent, photo)), type).toBe(401);
    expect(statusOf(await raw(shop.port, [...sent, 'Origin: null'], photo)), type).toBe(403);
  }
  expect(statusOf(await raw(shop.port, ['GET /api/search/images?q=coat HTTP/1.1', host]))).toBe(401);
});

test('an origin that is listed may ask, and no other', async () => {
  const server = await serve(shop.engine, { origins: ['app://till'] });
  const port = server.port ?? 0;
  expect(statusOf(await search(port, `localhost:${port}`, 'Origin: app://till'))).toBe(200);
  const asBrowser = ['Origin: app://till', 'Sec-Fetch-Site: cross-site'];
  expect(statusOf(await search(port, `localhost:${port}`, ...asBrowser))).toBe(200);
  expect(
    statusOf(await search(port, `localhost:${port}`, 'Origin: app://till', 'Origin: https://evil.example')),
  ).toBe(403);
  expect(statusOf(await search(port, `localhost:${port}`, 'Origin: app://till.evil'))).toBe(403);
});

test('a WebSocket is not opened', async () => {
  const upgrade = [
    `GET ${FIND} HTTP/1.1`,
    `Host: 127.0.0.1:${shop.port}`,
    bearer(),
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ];
  const socket = connect(shop.port, '127.0.0.1');
  socket.write(`${upgrade.join('\r\n')}\r\n\r\n`);
  const answer = await text(socket);
  expect(statusOf(answer)).toBe(400);
  expect(answer).not.toContain('101');

  // Whoever breaks the connection off in the middle of it must not end the server.
  for (const start of [upgrade, [`CONNECT 127.0.0.1:${shop.port} HTTP/1.1`, ...upgrade.slice(1, 3)]]) {
    const broken = connect(shop.port, '127.0.0.1');
    broken.on('error', () => {});
    await once(broken, 'connect');
    broken.write(`${start.join('\r\n')}\r\n\r\n`);
    await wait(20);
    broken.resetAndDestroy();
    await wait(20);
  }
  await expectAnswers();
});

test('guessing tokens: 401, soon 429, and a right token is answered all the while', async () => {
  const server = await serve(shop.engine);
  const guess = (authorization: string) =>
    fetch(server.url + FIND, { method: 'POST', headers: { authorization }, body: photo });
  const { authorization } = as('search');
  const wrong = [
    authorization.slice(0, -1),
    `${authorization}x`,
    authorization.toUpperCase(),
    authorization.replace('Bearer', 'Basic'),
    'Bearer',
    ...Array.from({ length: 40 }, (_, i) => `Bearer guess-${i}`),
  ];
  const answers = await Promise.all(wrong.map(guess));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 429]));
  expect(answers.find(({ status }) => status === 401)?.headers.get('www-authenticate')).toContain('Bearer');
  expect(answers.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('1');
  expect((await guess(authorization)).status).toBe(200);
});

test('a token that was taken back opens nothing', async () => {
  const server = await serve(shop.engine);
  server.allow([], []);
  expect(
    (await fetch(server.url + FIND, { method: 'POST', headers: as('search'), body: photo })).status,
  ).toBe(401);
});

test('a body of more than 40 MB is refused before it is read, announced or not', async () => {
  const headers = { ...as('search'), 'content-length': 40_000_001 };
  const announced = ask(shop.server.url + FIND, { method: 'POST', headers });
  announced.flushHeaders();
  const [answer] = await once(announced, 'response');
  expect(answer.statusCode).toBe(413);
  announced.on('error', () => {});
  announced.destroy();

  const small = await serve(shop.engine, { limits: { bodyBytes: 1000 } });
  // Chunks that never end.
  const endless = connect(small.port ?? 0, '127.0.0.1');
  const host = `Host: 127.0.0.1:${small.port}`;
  endless.write(`POST ${FIND} HTTP/1.1\r\n${host}\r\n${bearer()}\r\nTransfer-Encoding: chunked\r\n\r\n`);
  const sending = setInterval(() => endless.write(`258\r\n${'x'.repeat(600)}\r\n`), 10);
  onTestFinished(() => clearInterval(sending));
  endless.on('error', () => {});
  const [first] = await once(endless, 'data');
  expect(statusOf(String(first))).toBe(413);
  endless.destroy();
  const packed = { ...as('search'), 'content-encoding': 'gzip' };
  expect((await fetch(small.url + FIND, { method: 'POST', headers: packed, body: 'x' })).status).toBe(415);
});

test('too many requests: 429 with Retry-After, and other clients are answered', async () => {
  const server = await serve(shop.engine, { limits: { perSecond: 1, burst: 3 } });
  const embed = (scope: 'search' | 'embed') =>
    fetch(`${server.url}/embed/image`, { method: 'POST', headers: as(scope), body: photo });
  const answers = await Promise.all(Array.from({ length: 10 }, () => embed('embed')));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThanOrEqual(6);
  expect(refused[0]?.headers.get('retry-after')).toBe('1');
  expect(
    (await fetch(server.url + FIND, { method: 'POST', headers: as('search'), body: photo })).status,
  ).toBe(200);

  const narrow = await serve(shop.engine, { limits: { underWay: 2, heldBytes: 1e6 } });
  const pictures = await Promise.all([...Array(12).keys()].map((i) => drawPicture(100 + i, 200, 200)));
  const many = await Promise.all(
    pictures.map((picture) =>
      fetch(`${narrow.url}/embed/image`, {
        method: 'POST',
        headers: as('embed'),
        body: JSON.stringify({ image: Buffer.from(picture).toString('base64') }),
      }),
    ),
  );
  expect(new Set(many.map(({ status }) => status))).toEqual(new Set([200, 429]));
});

test('slow-loris: heads and bodies that never end are cut off', async () => {
  const server = await serve(shop.engine, { limits: { headMs: 200, requestMs: 400, lookMs: 50 } });
  const port = server.port ?? 0;
  const head = connect(port, '127.0.0.1');
  head.write(`POST ${FIND} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Slow: `);
  const dripping = setInterval(() => head.write('x'), 20);
  onTestFinished(() => clearInterval(dripping));
  const body = connect(port, '127.0.0.1');
  body.write(
    `POST ${FIND} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${bearer()}\r\nContent-Length: 1000\r\n\r\n{"im`,
  );
  const [ofHead, ofBody] = await Promise.all([received(head), received(body)]);
  // What is written to a closed connection can take the answer away before it is read.
  expect(['', '408']).toContain(ofHead === '' ? '' : String(statusOf(ofHead)));
  expect(statusOf(ofBody)).toBe(408);
});

/** What came until the connection was closed, in whichever way. */
function received(socket: Socket): Promise<string> {
  let all = '';
  socket.on('data', (chunk) => {
    all += chunk;
  });
  socket.on('error', () => {});
  return new Promise((resolve) => socket.once('close', () => resolve(all)));
}

test('1,000 connections that send nothing keep nobody out', async () => {
  const server = await serve(shop.engine, { limits: { connections: 100 } });
  const port = server.port ?? 0;
  const sockets: Socket[] = [];
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  let cut = 0;
  for (let i = 0; i < 1000; i++) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.once('close', () => cut++);
    sockets.push(socket);
  }
  await vi.waitFor(() => expect(cut).toBeGreaterThanOrEqual(900), { timeout: 30_000 });
  await expectAnswers(port);
});

test('no path in a request is read, and an error tells no path, stack or reason of the system', async () => {
  const secret = join(shop.folder, 'secret.png');
  await writeFile(secret, await drawPicture(0));
  const sent = JSON.stringify({ image: secret, path: secret, photo: { path: secret } });
  for (const path of [FIND, '/embed/image', '/encode']) {
    const answer = await fetch(shop.server.url + path, { method: 'POST', headers: as('admin'), body: sent });
    const told = await answer.text();
    expect(answer.status, told).toBeGreaterThanOrEqual(400);
    expect(told).not.toContain(shop.folder);
    expect(told).not.toMatch(/at .*\.ts|node:|Error:/);
  }
  for (const path of [
    '/../../etc/passwd',
    '/v1/thumbnails/../../../etc/passwd',
    '/v1/thumbnails/%2e%2e%2fetc',
  ])
    expect(
      statusOf(await raw(shop.port, [`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${shop.port}`, bearer()])),
      path,
    ).toBe(404);
});

test('the access log has neither tokens, photos nor what was asked', async () => {
  await fetch(`${shop.server.url}/api/search/images?q=SecretWish`, { headers: as('search') });
  await vi.waitFor(() =>
    expect(shop.log.at(-1)).toMatch(/^\S+ "search client" GET \/api\/search\/images 200 [\d.]+ ms \d+ B$/),
  );
  const all = shop.log.join('\n');
  expect(all).not.toContain('SecretWish');
  expect(all).not.toContain('a-token-of-the-tests');
  expect(shop.log.every((line) => line.length < 400)).toBe(true);
});

test.skipIf(process.platform === 'win32')(
  'a socket is of this user alone, and one of a dead server is taken over',
  async () => {
    const socket = join(shop.folder, 's');
    const first = await serve(shop.engine, { at: { socket } });
    expect((await stat(socket)).mode & 0o777).toBe(0o600);
    expect(await statusAt(socket, {})).toBe(200);
    expect(await statusAt(socket, { host: 'evil.example' })).toBe(403);
    await expect(serve(shop.engine, { at: { socket } })).rejects.toMatchObject({
      code: 'SERVER_SOCKET_TAKEN',
    });
    await first.close();
    await expect(serve(shop.engine, { at: { port: shop.port } })).rejects.toMatchObject({
      code: 'SERVER_PORT_TAKEN',
    });
  },
);

async function statusAt(socketPath: string, headers: Record<string, string>): Promise<number> {
  const asked = ask({ socketPath, path: '/health', headers }).end();
  const [answer] = await once(asked, 'response');
  answer.resume();
  return answer.statusCode;
}

test('a client that goes away is not answered, and the next one is', async () => {
  const socket = connect(shop.port, '127.0.0.1');
  socket.write(
    `POST ${FIND} HTTP/1.1\r\nHost: 127.0.0.1:${shop.port}\r\n${bearer()}\r\nContent-Length: 9999\r\n\r\n{`,
  );
  await wait(50);
  socket.destroy();
  await vi.waitFor(() => expect(shop.log.at(-1)).toContain(' 499 '));
  await expectAnswers();
});

test('a filter by tens of thousands of attributes is refused, and the server lives', async () => {
  const attributes = Object.fromEntries(Array.from({ length: 45_000 }, (_, n) => [`k${n}`, ['1']]));
  const search = (filters: object) =>
    fetch(`${shop.server.url}/v1/search`, {
      method: 'POST',
      headers: { ...as('search'), 'content-type': 'application/json' },
      body: JSON.stringify({ query: { kind: 'words', words: 'shirt' }, filters }),
    });
  expect((await search({ attributes })).status).toBe(400);
  expect((await search({ attributes: { fit: ['slim'] } })).status).toBe(200);
});
