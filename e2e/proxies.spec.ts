import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { z } from 'zod';
import { makeTemporaryFolder, removeFolder } from '../electron/dev/temporary-folder.ts';
import { expect, launch, readyToMatch, sampleCatalog, test } from './app.ts';

/** In the order of the pictures. Only the first can be fetched. */
const PICTURES = [
  'http://cdn.shop.invalid/a.webp',
  // Needs a tunnel, which the proxy refuses.
  'https://secure.shop.invalid/b.webp',
  // Excluded from the proxy, so it is requested directly.
  'http://excepted.invalid/c.webp',
  // Private names and addresses, which a feed must not request; a proxy could reach them.
  'http://router/d.webp',
  'http://10.0.0.1/e.webp',
  'http://127.0.0.1:1/f.webp',
];

let folder: string;
test.beforeEach(async () => {
  folder = await makeTemporaryFolder();
});
test.afterEach(() => removeFolder(folder));

/** A proxy that serves a shop's feed and pictures itself, and records its requests. */
async function openProxy() {
  const sample = JSON.parse(await readFile(path.join(sampleCatalog, 'feed.json'), 'utf8'));
  const picture = await readFile(path.join(sampleCatalog, sample.products[0].images[0]));
  const products = PICTURES.map((image, i) => ({ id: `P${i}`, title: `Thing ${i}`, images: [image] }));
  const requests = new Set<string>();
  const note = ({ method, url }: IncomingMessage) => requests.add(`${method} ${url}`);
  const server = createServer((request, answer) => {
    // The proxy script that a system may be configured with.
    if (request.url === '/proxy.pac') {
      const rule = `host === 'excepted.invalid' ? 'DIRECT' : 'PROXY ${host}'`;
      return answer.end(`function FindProxyForURL(url, host) { return ${rule}; }`);
    }
    note(request);
    const isFeed = request.url?.endsWith('/feed.json');
    return answer.end(isFeed ? JSON.stringify({ version: 1, name: 'Shop', products }) : picture);
  });
  server.on('connect', (request, socket) => {
    note(request);
    socket.on('error', () => {}).end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const host = `127.0.0.1:${port}`;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { host, port, requests, close };
}

/** Imports the shop's feed in the app, in an environment where it can be reached only through a proxy. */
async function importThroughProxy(
  settings: (proxy: { host: string; port: number }) => Promise<Record<string, string>>,
) {
  const proxy = await openProxy();
  const { app, page } = await launch(path.join(folder, 'data'), { env: await settings(proxy) });
  try {
    await page.getByRole('textbox', { name: 'Feed address' }).fill('http://feeds.shop.invalid/feed.json');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await readyToMatch(page);
    expect([...proxy.requests].sort()).toEqual([
      'CONNECT secure.shop.invalid:443',
      'GET http://cdn.shop.invalid/a.webp',
      'GET http://feeds.shop.invalid/feed.json',
    ]);
    await page.getByRole('button', { name: '4 servers were contacted' }).click();
    const rows = page.getByRole('dialog', { name: 'Connections since the start' }).getByRole('row');
    for (const name of ['feeds.shop.invalid', 'cdn.shop.invalid', 'secure.shop.invalid'])
      await expect(rows.filter({ hasText: name })).toContainText(`through the proxy ${proxy.host}`);
    await expect(rows.filter({ hasText: 'excepted.invalid' })).not.toContainText('proxy');
  } finally {
    await app.close();
    proxy.close();
  }
}

test('the app asks the proxy that the environment names', async () => {
  await importThroughProxy(async ({ host }) => ({
    http_proxy: `http://${host}`,
    HTTPS_PROXY: `http://${host}`,
    NO_PROXY: 'excepted.invalid',
  }));
});

/**
 * The proxy settings of a desktop. KDE's are a file, so the test can write them. Chromium reads them as it reads those of
 * Windows, macOS and GNOME, and tells the engine. The environment has no proxy.
 */
test.describe('the system', () => {
  test.skip(process.platform !== 'linux', 'The settings of the system are those of the person here.');

  const desktop = async (lines: string[]) => {
    const config = path.join(folder, 'home/.config');
    await mkdir(config, { recursive: true });
    await writeFile(path.join(config, 'kioslaverc'), ['[Proxy Settings]', ...lines, ''].join('\n'));
    return {
      HOME: path.join(folder, 'home'),
      XDG_CONFIG_HOME: config,
      XDG_CURRENT_DESKTOP: 'KDE',
      KDE_SESSION_VERSION: '5',
      ...Object.fromEntries(
        ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'].flatMap((name) => [
          [name, ''],
          [name.toUpperCase(), ''],
        ]),
      ),
    };
  };

  test('the app asks the proxy of the system’s settings', async () => {
    await importThroughProxy(({ port }) =>
      desktop([
        'ProxyType=1',
        `httpProxy=http://127.0.0.1 ${port}`,
        `httpsProxy=http://127.0.0.1 ${port}`,
        'NoProxyFor=excepted.invalid',
      ]),
    );
  });

  test('the app asks the proxy that the system’s script names', async () => {
    await importThroughProxy(({ host }) =>
      desktop(['ProxyType=2', `Proxy Config Script=http://${host}/proxy.pac`]),
    );
  });
});
