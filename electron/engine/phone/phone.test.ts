import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { request as requestEncrypted } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { amountIn } from '../../contract/amounts.ts';
import { LookalikeError } from '../../contract/errors.ts';
import { MOST_PICTURE_BYTES } from '../../contract/limits.ts';
import { temporaryFolder } from '../test-catalog.ts';
import { isNear, phoneAddresses } from './addresses.ts';
import { Admission, CODE_HOLDS_MS } from './admission.ts';
import { fingerprintOf, makeCertificate, ownCertificate } from './certificate.ts';
import { resultsOf } from './phone.ts';
import { PhoneServer, type PhoneServerParts } from './phone-server.ts';

const SHIRT = { title: 'Shirt', about: 'navy', price: 29, currency: 'EUR', picture: null };

async function open(parts: Partial<PhoneServerParts> = {}) {
  const admission = new Admission();
  const photos: Uint8Array[] = [];
  const server = await PhoneServer.start({
    address: '127.0.0.1',
    certificate: null,
    admission,
    onJoin: () => {},
    onPhoto: async (bytes) => {
      photos.push(bytes);
      return [SHIRT];
    },
    ...parts,
  });
  onTestFinished(() => server.close());
  const post = async (path: string, body: BodyInit, headers: Record<string, string> = {}) => {
    const answer = await fetch(server.origin + path, { method: 'POST', body, headers });
    return { status: answer.status, body: await answer.json() };
  };
  const joined = async (code = admission.code) =>
    (await post('/join', JSON.stringify({ code }))).body.session;
  return { server, admission, photos, post, joined };
}

test('one phone gets in with the code, once, and sends photos; nobody else does', async () => {
  const { admission, photos, post, joined, server } = await open();
  const page = await fetch(server.origin);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(await page.text()).not.toContain(admission.code);
  expect((await post('/photo', 'bytes', { authorization: 'Bearer ' })).status).toBe(403);
  expect((await post('/join', '{"code":"guessed"}')).body).toEqual({ refused: 'wrong' });
  expect((await post('/join', 'no json')).body).toEqual({ refused: 'wrong' });
  const session = await joined();
  const again = await post('/join', JSON.stringify({ code: admission.code }));
  expect(again).toEqual({ status: 403, body: { refused: 'used' } });
  const sent = await post('/photo', 'bytes', { authorization: `Bearer ${session}` });
  expect(sent).toEqual({ status: 200, body: { results: [SHIRT] } });
  expect(photos.map((bytes) => Buffer.from(bytes).toString())).toEqual(['bytes']);
  expect((await post('/photo', 'x', { authorization: `Bearer ${session}x` })).status).toBe(403);
});

test('products of one title are told apart, and prices are written as in the window', () => {
  const shirt = {
    title: 'Shirt',
    color: 'navy',
    styleSku: '1-NVY',
    price: 29,
    currency: 'EUR',
    thumbnail: 'a',
  };
  const others = [
    { ...shirt, color: 'red', styleSku: '1-RED' },
    { ...shirt, styleSku: '2-NVY' },
    { ...shirt, title: 'Hat', color: null },
  ];
  expect(resultsOf({ results: [shirt, ...others], thumbnails: [] }).map(({ about }) => about)).toEqual([
    'navy · 1-NVY',
    'red',
    'navy · 2-NVY',
    null,
  ]);
  const price = (value: number, currency: string | null) => amountIn(value, currency, 'en');
  expect([
    price(129, 'EUR'),
    price(12.5, 'USD'),
    price(1200, 'JPY'),
    price(9, null),
    price(5, 'points'),
  ]).toEqual(['€129', '$12.50', '¥1,200', '9', '5 points']);
});

test('a code holds for ten minutes, and the session that it opened for longer', () => {
  let now = 0;
  const late = new Admission(() => now);
  const early = new Admission(() => now);
  const joined = early.join(early.code);
  now = CODE_HOLDS_MS + 1;
  expect(late.join(late.code)).toEqual({ refused: 'expired' });
  expect('session' in joined && early.isSession(joined.session)).toBe(true);
});

test('only the page can be reached, by its address, from near, and not by the page of another site', async () => {
  const { server, post, joined } = await open();
  const { host } = new URL(server.origin);
  for (const path of ['/openapi.json', '/api/v1/health', '/photo', '/..%2f', '/?x'])
    expect((await fetch(server.origin + path)).status, path).toBe(404);
  const authorization = `Bearer ${await joined()}`;
  expect((await post('/photo', 'x', { authorization, origin: 'https://evil.example' })).status).toBe(403);
  const raw = async (head: string) => {
    const socket = connect(Number(new URL(server.origin).port), '127.0.0.1');
    let said = '';
    socket.on('data', (part) => (said += part));
    socket.write(`${head}\r\nConnection: close\r\n\r\n`);
    await once(socket, 'close');
    return said.slice(9, 12);
  };
  expect(await raw(`GET / HTTP/1.1\r\nHost: ${host}`)).toBe('200');
  expect(await raw('GET / HTTP/1.1\r\nHost: evil.example')).toBe('403');
  expect(await raw(`GET / HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade`)).toBe('');
  expect(['192.168.1.7', '10.0.0.2', '::ffff:172.16.3.4', '127.0.0.1'].every(isNear)).toBe(true);
  expect(['8.8.8.8', '172.32.0.1', '169.254.1.1', '', '2001:db8::1'].some(isNear)).toBe(false);
});

test('a photo that is too large or none is refused with a reason, and the next one is taken', async () => {
  const { post, joined, server } = await open({
    onPhoto: async (bytes) => {
      if (bytes.length === 4)
        throw new LookalikeError({ code: 'IMAGE_UNREADABLE', params: { reason: 'not-a-picture' } });
      return [SHIRT];
    },
  });
  const headers = { authorization: `Bearer ${await joined()}` };
  expect(await post('/photo', 'none', headers)).toEqual({ status: 422, body: { refused: 'picture' } });
  const socket = connect(Number(new URL(server.origin).port), '127.0.0.1');
  const { host } = new URL(server.origin);
  socket.write(
    `POST /photo HTTP/1.1\r\nHost: ${host}\r\nAuthorization: ${headers.authorization}\r\nContent-Length: ${MOST_PICTURE_BYTES + 1}\r\n\r\n`,
  );
  const [said] = await once(socket, 'data');
  expect(String(said)).toMatch(/^HTTP\/1.1 413/);
  socket.destroy();
  expect((await post('/photo', 'photo', headers)).status).toBe(200);
});

test("this computer's own certificate is kept, is the one that answers, and is made anew when it is damaged", async () => {
  const path = join(await temporaryFolder(), 'certificate.pem');
  const certificate = await ownCertificate(path);
  expect(await ownCertificate(path)).toEqual(certificate);
  const { server } = await open({ certificate });
  const request = requestEncrypted(server.origin, { rejectUnauthorized: false });
  request.end();
  const [response] = await once(request, 'response');
  expect(response.socket.getPeerCertificate().fingerprint256).toBe(fingerprintOf(certificate));
  response.resume();
  expect(new X509Certificate(certificate.cert).verify(new X509Certificate(certificate.cert).publicKey)).toBe(
    true,
  );
  await writeFile(path, certificate.cert.slice(0, 100));
  expect(fingerprintOf(await ownCertificate(path))).not.toBe(fingerprintOf(certificate));
  const old = makeCertificate(Date.now() - 500 * 86_400_000);
  await writeFile(path, old.key + old.cert);
  expect(fingerprintOf(await ownCertificate(path))).not.toBe(fingerprintOf(old));
});

test('addresses of private networks are offered, wireless ones first and virtual ones last', () => {
  const at = (address: string, internal = false) => [
    { address, internal, family: 'IPv4' as const, netmask: '', mac: '', cidr: null },
  ];
  const found = phoneAddresses({
    lo: at('127.0.0.1', true),
    docker0: at('172.17.0.1'),
    eth0: at('192.168.1.5'),
    wlan0: at('192.168.1.6'),
    ppp0: at('93.184.216.34'),
  });
  expect(found).toEqual([
    { address: '192.168.1.6', name: 'wlan0' },
    { address: '192.168.1.5', name: 'eth0' },
    { address: '172.17.0.1', name: 'docker0' },
  ]);
});
