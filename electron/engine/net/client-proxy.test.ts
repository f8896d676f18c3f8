import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { inspect } from 'node:util';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { saying } from '../../cli/test-saying.ts';
import { serve } from '../feed/test-feed.ts';
import { HttpClient, type WebRequest } from './client.ts';
import { environmentProxies, type ProxySettings, parseProxyList } from './proxies.ts';
import { ask, quick } from './test-http.ts';
import { CERTIFICATE, openProxy, serveSecurely } from './test-proxy.ts';

const CERTIFICATES = getCACertificates('default');
beforeEach(() => setDefaultCACertificates([...CERTIFICATES, CERTIFICATE]));

/** The text that a client with these proxies gets. Only the proxy can resolve names other than localhost. */
async function textThrough(proxies: ProxySettings, url: string, more: Partial<WebRequest> = {}) {
  const client = new HttpClient((host, _options, callback) => {
    if (host.endsWith('localhost')) callback(null, [{ address: '127.0.0.1', family: 4 }]);
    else callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), []);
  }, proxies);
  onTestFinished(() => client.close());
  const request = ask('http://127.0.0.1', { ownHost: null, patience: { ...quick, tries: 1 }, ...more });
  const read = await client.read(url, request).catch((error: unknown) => error);
  const { hosts } = client.ledger.connections;
  const found = read !== 'unchanged' && typeof read === 'object' && read !== null && 'bytes' in read;
  const text = found && read.bytes instanceof Uint8Array ? Buffer.from(read.bytes).toString() : null;
  return { error: text === null ? read : null, text, hosts };
}

const proxied = (host: string) => environmentProxies({ ALL_PROXY: host });

/** Servers behind a proxy that reaches nothing else. */
async function behindProxy() {
  const seen: string[] = [];
  const listener: Parameters<typeof serve>[0] = (request, answer) => {
    seen.push(`${request.headers.host}${request.url}`);
    if (request.headers['proxy-authorization']) seen.push('a secret of the proxy');
    answer.end('bytes');
  };
  const plain = await openProxy(Number(new URL(await serve(listener)).port));
  const secure = await openProxy(await serveSecurely(listener));
  return { plain, secure, seen };
}

test('a plain address is asked of the proxy whole, and the name is not looked up here', async () => {
  const { plain, seen } = await behindProxy();
  const { text, hosts } = await textThrough(proxied(plain.host), 'http://cdn.example:8080/a.png?b=1');
  expect(text).toBe('bytes');
  expect(plain.requests).toEqual(['GET http://cdn.example:8080/a.png?b=1']);
  expect(seen).toEqual(['cdn.example:8080/a.png?b=1']);
  expect(hosts).toMatchObject([
    { host: 'cdn.example:8080', reason: 'feed', proxy: plain.host, local: false, requests: 1 },
  ]);
});

test('a secure address goes through a tunnel, in which the server proves who it is', async () => {
  const { secure, seen } = await behindProxy();
  expect(await textThrough(proxied(secure.host), 'https://shop.example/a.png')).toMatchObject({
    text: 'bytes',
  });
  expect(secure.requests).toEqual(['CONNECT shop.example:443']);
  expect(seen).toEqual(['shop.example/a.png']);
  const { error } = await textThrough(proxied(secure.host), 'https://other.example/a.png');
  expect(error).toMatchObject({
    fault: saying(/other\.example\/a\.png could not prove who it is .* proxy at 127/),
  });
});

test.each(['ada:s3cret', 'ada%40corp:100%', 'ada'])('the proxy is told %s, and nobody else', async (pair) => {
  const { plain, secure, seen } = await behindProxy();
  const decoded = { 'ada:s3cret': 'ada:s3cret', 'ada%40corp:100%': 'ada@corp:100%', ada: 'ada:' }[pair];
  const expected = `Basic ${Buffer.from(decoded ?? '').toString('base64')}`;
  const settings = environmentProxies({
    http_proxy: `http://${pair}@${plain.host}`,
    https_proxy: `${pair}@${secure.host}`,
  });
  await textThrough(settings, 'http://cdn.example/');
  await textThrough(settings, 'https://shop.example/');
  expect([plain.headers[0], secure.headers[0]]).toMatchObject([
    { 'proxy-authorization': expected },
    { 'proxy-authorization': expected },
  ]);
  expect(seen).toHaveLength(2);
  for (const proxy of [plain, secure]) {
    proxy.refusal = 407;
    const url = proxy === plain ? 'http://cdn.example/' : 'https://shop.example/';
    const { error, hosts } = await textThrough(settings, url);
    expect(error).toMatchObject({
      code: 'FEED_UNREACHABLE',
      fault: saying(`The proxy at ${proxy.host} asks for a user name and password.`),
    });
    expect(inspect([error, hosts], { depth: 10 })).not.toMatch(
      new RegExp(`s3cret|${expected.split(' ')[1]}`),
    );
  }
});

const PRIVATE = [
  '127.0.0.1',
  '[::1]',
  '2130706433',
  '10.0.0.1',
  '[::ffff:10.0.0.1]',
  '169.254.169.254',
  'localhost',
  'a.localhost',
  'router',
  'printer.local',
  'metadata.google.internal',
  'wiki.corp.',
];

test.each(PRIVATE)('a picture at %s is not asked of the proxy either', async (host) => {
  const { plain, secure } = await behindProxy();
  for (const url of [`http://${host}/a.png`, `https://${host}/a.png`]) {
    const { error } = await textThrough(
      environmentProxies({ http_proxy: plain.host, https_proxy: secure.host }),
      url,
    );
    expect(error).toMatchObject({ code: 'ADDRESS_REFUSED' });
  }
  expect([...plain.requests, ...secure.requests]).toEqual([]);
});

test("a redirect behind the proxy leads to no private address, and the feed's own host may be anywhere", async () => {
  const site = new URL(
    await serve((request, answer) => {
      if (request.url === '/') answer.writeHead(302, { location: 'http://10.0.0.1/' }).end();
      else answer.end('bytes');
    }),
  );
  const proxy = await openProxy(Number(site.port));
  const to = (url: string, ownHost: string | null) => textThrough(proxied(proxy.host), url, { ownHost });
  expect(await to('http://shop.example/', 'shop.example')).toMatchObject({
    error: { code: 'ADDRESS_REFUSED' },
  });
  expect(await to('http://10.0.0.1/feed', '10.0.0.1')).toMatchObject({ text: 'bytes' });
  expect(await to('http://shop/feed', 'shop')).toMatchObject({ text: 'bytes' });
  expect(proxy.requests).toEqual([
    'GET http://shop.example/',
    'GET http://10.0.0.1/feed',
    'GET http://shop/feed',
  ]);
});

test('what goes wrong with a proxy is said of the proxy', async () => {
  const { plain, secure } = await behindProxy();
  secure.refusal = 403;
  const refused = await textThrough(proxied(secure.host), 'https://shop.example/');
  expect(refused.error).toMatchObject({
    code: 'FEED_UNREACHABLE',
    fault: saying(
      `The proxy at ${secure.host} does not let https://shop.example/ through: it answered 403 Forbidden.`,
    ),
  });
  plain.refusal = 502;
  expect((await textThrough(proxied(plain.host), 'http://shop.example/')).error).toMatchObject({
    fault: saying(`The server, through the proxy at ${plain.host}, answered 502 Bad Gateway.`),
  });
  for (const scheme of ['http', 'https']) {
    const url = `${scheme}://shop.example/`;
    expect((await textThrough(proxied('127.0.0.1:1'), url)).error).toMatchObject({
      fault: saying('The proxy at 127.0.0.1:1 does not answer. Is its address right?'),
    });
    expect((await textThrough(proxied('proxy.example'), url)).error).toMatchObject({
      fault: saying('The proxy at proxy.example was not found. Is this machine online?'),
    });
  }
});

test('a proxy that answers later is asked again', async () => {
  const { secure } = await behindProxy();
  secure.refusal = 503;
  const settings = proxied(secure.host);
  const work = textThrough(settings, 'https://shop.example/', { patience: quick });
  while (secure.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  secure.refusal = null;
  expect(await work).toMatchObject({ text: 'bytes' });
});

test('of several ways the first that can be reached is taken', async () => {
  const { plain, secure } = await behindProxy();
  const list =
    (answer: string): ProxySettings =>
    async () =>
      parseProxyList(answer);
  const urls = ['http://shop.example/', 'https://shop.example/'];
  for (const [i, proxy] of [plain, secure].entries()) {
    const answer = `PROXY 127.0.0.1:1; PROXY ${proxy.host}; DIRECT`;
    expect(await textThrough(list(answer), urls[i] ?? '')).toMatchObject({ text: 'bytes' });
    // When a proxy refuses, the client must not go round it.
    proxy.refusal = 403;
    const said = await textThrough(list(`PROXY ${proxy.host}; DIRECT`), urls[i] ?? '');
    expect(said.error).toBeInstanceOf(Error);
    expect(said.hosts).toMatchObject([{ proxy: proxy.host }]);
  }
  const site = await serve((_, answer) => answer.end('here'));
  const direct = await textThrough(list('PROXY 127.0.0.1:1; DIRECT'), site, { ownHost: new URL(site).host });
  expect(direct).toMatchObject({ text: 'here' });
  expect(direct.hosts.map(({ proxy }) => proxy).sort()).toEqual(['127.0.0.1:1', null].sort());
});

test('a SOCKS proxy is a fault, and nothing is sent round it', async () => {
  const { error, hosts } = await textThrough(proxied('socks5://127.0.0.1:1080'), 'http://cdn.example/');
  expect(error).toMatchObject({
    code: 'PROXY_UNSUPPORTED',
    fault: { params: { kind: 'SOCKS5', proxy: '127.0.0.1:1080' } },
  });
  expect(hosts).toEqual([]);
});
