import { expect, test } from 'vitest';
import { environmentProxies, parseProxyList, systemProxies } from './proxies.ts';

const PROXY = 'http://proxy.example:3128';

async function routeIn(env: NodeJS.ProcessEnv, url: string): Promise<string> {
  const [route] = await environmentProxies(env)(new URL(url));
  return route === undefined || route === 'direct' ? 'direct' : route.origin;
}

test.each<[string, NodeJS.ProcessEnv, string, string]>([
  ['nothing is set', {}, 'https://a.example', 'direct'],
  ['one for http', { HTTP_PROXY: PROXY }, 'http://a.example', PROXY],
  ['one for http alone', { HTTP_PROXY: PROXY }, 'https://a.example', 'direct'],
  ['one for https', { HTTPS_PROXY: PROXY }, 'https://a.example', PROXY],
  ['one for all', { ALL_PROXY: PROXY }, 'https://a.example', PROXY],
  ['lower case first', { https_proxy: PROXY, HTTPS_PROXY: 'http://x' }, 'https://a.example', PROXY],
  ['an empty one', { https_proxy: ' ', ALL_PROXY: PROXY }, 'https://a.example', PROXY],
  ['without a scheme', { all_proxy: 'proxy.example:3128' }, 'https://a.example', PROXY],
  ['with a secure way to it', { all_proxy: 'https://p.example' }, 'http://a.example', 'https://p.example'],
  ['this computer', { all_proxy: PROXY }, 'http://localhost:8080', 'direct'],
  ['this computer by address', { all_proxy: PROXY }, 'http://[::1]:8080', 'direct'],
  ['a private network', { all_proxy: PROXY }, 'http://192.168.1.2', PROXY],
])('%s', async (_, env, url, expected) => {
  expect(await routeIn(env, url)).toBe(expected);
});

test.each<[string, string, boolean]>([
  ['*', 'http://a.example', true],
  ['shop.example', 'http://shop.example', true],
  ['shop.example', 'http://cdn.shop.example', true],
  ['shop.example', 'http://myshop.example', false],
  ['shop.example', 'http://shop.example.evil.example', false],
  ['.shop.example', 'http://cdn.shop.example', true],
  ['.shop.example', 'http://shop.example', true],
  ['*.shop.example', 'http://cdn.shop.example', true],
  ['SHOP.example', 'http://shop.EXAMPLE', true],
  ['shop.example.', 'http://shop.example', true],
  ['a.example, shop.example', 'http://shop.example', true],
  ['a.example shop.example', 'http://shop.example', true],
  ['shop.example:8080', 'http://shop.example:8080', true],
  ['shop.example:8080', 'http://shop.example', false],
  ['shop.example:443', 'https://shop.example', true],
  ['shop.example:80', 'http://shop.example', true],
  ['10.1.2.3', 'http://10.1.2.3', true],
  ['10.0.0.0/8', 'http://10.1.2.3', true],
  ['10.0.0.0/8', 'http://11.1.2.3', false],
  ['10.0.0.0/8', 'http://shop.example', false],
  ['fd00::/8', 'http://[fd00::1]', true],
  ['[fd00::1]', 'http://[fd00::1]', true],
  ['fd00::1', 'http://[fd00::1]:8080', true],
  ['[fd00::1]:8080', 'http://[fd00::1]', false],
  ['nonsense/x', 'http://shop.example', false],
  ['', 'http://shop.example', false],
])('NO_PROXY=%s and %s', async (list, url, excepted) => {
  const expected = excepted ? 'direct' : PROXY;
  expect(await routeIn({ ALL_PROXY: PROXY, NO_PROXY: list }, url)).toBe(expected);
  expect(await routeIn({ ALL_PROXY: PROXY, no_proxy: list }, url)).toBe(expected);
});

test.each(['http://', 'http://a b:1', 'proxy:port'])(
  '"%s" is no proxy, and its text is not repeated',
  async (value) => {
    await expect(routeIn({ HTTPS_PROXY: value }, 'https://a.example')).rejects.toMatchObject({
      code: 'PROXY_SETTING_INVALID',
      fault: { params: { setting: 'HTTPS_PROXY' } },
    });
  },
);

test.each<[string, string[]]>([
  ['DIRECT', ['direct']],
  ['', ['direct']],
  ['PROXY a:3128', ['http://a:3128']],
  ['PROXY a:3128; DIRECT', ['http://a:3128', 'direct']],
  [' proxy a:80;HTTPS b:443 ; direct ', ['http://a', 'https://b', 'direct']],
  ['SOCKS5 s:1080; PROXY a:3128; DIRECT', ['http://a:3128', 'direct']],
  ['DIRECT; SOCKS s:1080', ['direct']],
])('a script that answers "%s"', (list, expected) => {
  expect(parseProxyList(list).map((route) => (route === 'direct' ? route : route.origin))).toEqual(expected);
});

test.each(['SOCKS5 s:1080', 'SOCKS s:1080; DIRECT', 'QUIC q:443; DIRECT'])('"%s" is refused', (list) => {
  expect(() => parseProxyList(list)).toThrow(expect.objectContaining({ code: 'PROXY_UNSUPPORTED' }));
});

test("the system's proxy comes before the environment's, and is asked for once a host", async () => {
  const asked: string[] = [];
  const settings = systemProxies(
    async (url) => {
      asked.push(url);
      if (url.includes('lost')) throw new Error('lost');
      return url.includes('inner') ? 'DIRECT' : 'PROXY system.example:8080; DIRECT';
    },
    { ALL_PROXY: PROXY, NO_PROXY: 'direct.inner.example' },
  );
  const to = async (url: string) => {
    const [first] = await settings(new URL(url));
    return first === undefined || first === 'direct' ? 'direct' : first.host;
  };
  expect(await to('https://a.example/1.png?secret=1')).toBe('system.example:8080');
  expect(await to('https://a.example/2.png')).toBe('system.example:8080');
  expect(asked).toEqual(['https://a.example/']);
  expect(await to('https://inner.example/')).toBe('proxy.example:3128');
  expect(await to('https://direct.inner.example/')).toBe('direct');
  expect(await to('http://127.0.0.1:1/')).toBe('direct');
  for (let i = 0; i < 2; i++)
    await expect(settings(new URL('https://lost.example/'))).rejects.toMatchObject({
      code: 'PROXY_SETTINGS_UNKNOWN',
    });
  // A failed answer is not cached.
  expect(asked.slice(1)).toEqual([
    'https://inner.example/',
    'https://direct.inner.example/',
    'https://lost.example/',
    'https://lost.example/',
  ]);
});
