import type { LookupFunction } from 'node:net';
import { Agent } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { serve } from '../feed/test-feed.ts';
import { isPublicAddress, publicConnector } from './address-guard.ts';

test.each(['93.184.216.34', '8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8', '64:ff9b::808:808'])(
  '%s is public',
  (address) => expect(isPublicAddress(address)).toBe(true),
);

test.each([
  ['this host', '0.0.0.0'],
  ['this network', '0.1.2.3'],
  ['loopback', '127.0.0.1'],
  ['all of loopback', '127.255.255.254'],
  ['private', '10.0.0.1'],
  ['private', '172.16.0.1'],
  ['private', '172.31.255.255'],
  ['private', '192.168.1.1'],
  ['link-local, as cloud metadata', '169.254.169.254'],
  ['carrier-grade NAT', '100.64.0.1'],
  ['protocol assignments', '192.0.0.8'],
  ['benchmarks', '198.18.0.1'],
  ['documentation', '203.0.113.1'],
  ['multicast', '224.0.0.1'],
  ['reserved', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['unspecified', '::'],
  ['loopback', '::1'],
  ['IPv4-compatible loopback', '::7f00:1'],
  ['IPv4-mapped loopback', '::ffff:127.0.0.1'],
  ['IPv4-mapped private', '::ffff:c0a8:101'],
  ['IPv4-translated', '::ffff:0:127.0.0.1'],
  ['NAT64 of loopback', '64:ff9b::7f00:1'],
  ['local NAT64', '64:ff9b:1::808:808'],
  ['6to4 of loopback', '2002:7f00:1::'],
  ['Teredo', '2001::1'],
  ['link-local', 'fe80::1'],
  ['unique local', 'fd00::1'],
  ['site-local', 'fec0::1'],
  ['multicast', 'ff02::1'],
  ['documentation', '2001:db8::1'],
])('%s, %s, is not', (_, address) => expect(isPublicAddress(address)).toBe(false));

/** Resolves every name to these addresses. */
const resolvingTo =
  (...addresses: string[]): LookupFunction =>
  (_host, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

async function getThrough(lookup: LookupFunction, host: string) {
  let requests = 0;
  const site = new URL(
    await serve((_, answer) => {
      requests++;
      answer.end('secret');
    }),
  );
  const agent = new Agent({ connect: publicConnector(lookup) });
  onTestFinished(() => agent.destroy());
  const origin = `http://${host}:${site.port}`;
  const error = await agent.request({ origin, path: '/', method: 'GET' }).catch((thrown: unknown) => thrown);
  return { error, requests };
}

test.each([['127.0.0.1'], ['::1'], ['::ffff:127.0.0.1'], ['10.0.0.1', '127.0.0.1']])(
  'a public-looking name that resolves to %s %s is refused before anything is sent',
  async (...addresses) => {
    const { error, requests } = await getThrough(resolvingTo(...addresses), 'cdn.example');
    expect(error).toMatchObject({ name: 'PrivateAddressError', host: 'cdn.example' });
    expect(requests).toBe(0);
  },
);

test.each(['127.0.0.1', '[::1]', '[::ffff:7f00:1]'])(
  'the address %s is refused without a lookup',
  async (host) => {
    const { error, requests } = await getThrough(resolvingTo('8.8.8.8'), host);
    expect(error).toMatchObject({ name: 'PrivateAddressError' });
    expect(requests).toBe(0);
  },
);

test('a name that is not found fails as it always does', async () => {
  const lookup: LookupFunction = (_host, _options, callback) =>
    callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), []);
  expect((await getThrough(lookup, 'cdn.example')).error).toMatchObject({ code: 'ENOTFOUND' });
});
