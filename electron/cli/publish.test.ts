import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { drawInto, item, range, temporaryFolder, writeFeed } from '../engine/test-catalog.ts';
import { openShop } from '../engine/test-shop.ts';

const CLI = fileURLToPath(new URL('../cli.ts', import.meta.url));

/** Runs a command as a separate process, and parses the JSON document that it prints. */
async function json(folder: string, ...args: string[]) {
  const { stdout, ...ended } = await plain(folder, ...args, '--json');
  return { ...ended, document: JSON.parse(stdout) };
}

/** Runs a command as a separate process. */
async function plain(folder: string, ...args: string[]) {
  const { INIT_CWD: _, ...env } = process.env;
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'close'),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}

test('what the app can say of a feed can be said from a terminal', { timeout: 60_000 }, async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'odd.csv'), Buffer.from('nr;text;pic\n1;\xe1rv\xedz;a.jpg\n2;x;\n', 'latin1'));
  const fields = { id: ['nr'], title: ['text'], images: ['pic'] };
  await writeFile(join(folder, 'mapping.json'), JSON.stringify({ format: 'csv', fields }));
  const run = (...args: string[]) => json(folder, 'plan', 'odd.csv', '--data', 'data', ...args);
  expect(await run('--mapping', 'mapping.json', '--charset', 'iso-8859-2', '--format', 'csv')).toMatchObject({
    code: 0,
    document: {
      added: { count: 1, examples: [{ productId: '1', title: 'árvíz' }] },
      problems: [
        {
          item: '2',
          code: 'ITEM_INVALID',
          params: { reason: 'missing', fields: ['images'] },
          message: 'It has no usable picture, so it was left out.',
        },
      ],
    },
  });
  for (const wrong of [
    ['--mapping', '{"format":"csv"}'],
    ['--mapping', 'none.json'],
    ['--charset', 'klingon'],
    ['--format', 'klingon'],
  ]) {
    const { code, stderr } = await plain(folder, 'plan', 'odd.csv', '--data', 'data', ...wrong);
    expect({ code, said: stderr.length > 20 }).toEqual({ code: 2, said: true });
  }
});

test('from a shop by plan, sync, publish and rollback to a signed pack in a store without a network', {
  timeout: 300_000,
}, async () => {
  const folder = await temporaryFolder();
  const shop = await openShop(range(10).map((i) => item(i, { price: 10 })));
  const { url } = shop.source;
  const run = (...args: string[]) => json(folder, ...args, '--data', 'data');

  const first = await run('sync', url);
  expect(first).toMatchObject({
    code: 0,
    document: { products: { added: 10 }, published: { name: 'Shop' } },
  });
  expect(await run('sync', url)).toMatchObject({
    code: 0,
    document: { products: { unchanged: 10 }, images: { embedded: 0 }, published: null },
  });

  shop.products = range(6).map((i) => item(i, { price: 12 }));
  const refused = { code: 6, document: { error: { code: 'GATE_REMOVALS' } } };
  expect(await run('plan', url)).toMatchObject({
    code: 0,
    document: { priceOnly: { count: 6 }, removed: { count: 4 }, needsConfirmation: true },
  });
  const stopped = await run('sync', url);
  expect(stopped).toMatchObject(refused);
  expect(stopped.stderr).toContain('4 of 10 products');
  expect(await run('sync', url, '--confirm-removals', '--no-publish')).toMatchObject({
    code: 0,
    document: { products: { removed: 4 }, images: { embedded: 0 }, published: null },
  });
  expect(await run('publish')).toMatchObject(refused);
  const second = await run('publish', '--confirm-removals');
  expect(second).toMatchObject({ code: 0, document: { published: { name: 'Shop', products: 6 } } });
  expect(await run('publish')).toMatchObject({ code: 0, document: { published: null } });

  const [before, after] = [first.document.published.version, second.document.published.version];
  const difference = await run('diff', String(before), String(after));
  expect(difference).toMatchObject({ code: 0, document: { removed: { count: 4 }, priceOnly: { count: 6 } } });
  expect(await run('rollback', String(before))).toMatchObject({
    code: 0,
    document: { products: 10, live: true },
  });
  expect(await run('snapshots')).toMatchObject({
    code: 0,
    document: {
      snapshots: [
        { version: after, live: false },
        { version: before, live: true },
      ],
      diskUse: { bytes: expect.any(Number) },
    },
  });
  expect(await run('rollback', '9999')).toMatchObject({
    code: 4,
    document: { error: { code: 'SNAPSHOT_UNKNOWN' } },
  });

  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  await writeFile(join(folder, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await mkdir(join(folder, 'store/trusted-keys'), { recursive: true });
  const trusted = publicKey.export({ type: 'spki', format: 'pem' });
  await writeFile(join(folder, 'store/trusted-keys/headquarters.pem'), trusted);
  const [plain, signed] = await Promise.all([
    run('pack', 'plain.lookalike-pack'),
    run('pack', 'signed.lookalike-pack', '--sign', 'key.pem', '--snapshot', String(after)),
  ]);
  expect([plain.code, signed.code]).toEqual([0, 0]);
  const unpack = (file: string, ...more: string[]) =>
    json(folder, 'unpack', file, '--data', 'store', ...more);
  const pack = { signature: 'trusted', signer: 'headquarters' };
  expect(await unpack('signed.lookalike-pack', '--dry-run')).toMatchObject({
    code: 0,
    document: { pack, products: { before: 0, after: 6 }, added: { count: 6 } },
  });
  expect(await unpack('plain.lookalike-pack')).toMatchObject({
    code: 3,
    document: { error: { code: 'PACK_UNTRUSTED' } },
  });
  expect(await unpack('signed.lookalike-pack')).toMatchObject({
    code: 0,
    document: { products: { total: 6, added: 6 }, images: { embedded: 0 }, published: { products: 6 } },
  });
  // Another catalog would replace it, which needs a confirmation.
  shop.products = [item(0)];
  await run('sync', url, '--confirm-removals');
  await run('pack', 'small.lookalike-pack', '--sign', 'key.pem');
  expect(await unpack('small.lookalike-pack', '--dry-run')).toMatchObject({
    document: { pack, removed: { count: 5 }, needsConfirmation: true },
  });
  expect(await unpack('small.lookalike-pack')).toMatchObject({
    code: 6,
    document: { error: { code: 'GATE_REMOVALS' } },
  });
  expect(await unpack('small.lookalike-pack', '--confirm-removals')).toMatchObject({
    code: 0,
    document: { published: { products: 1 } },
  });
  expect(await unpack('feed.json')).toMatchObject({ code: 3, document: { error: { code: 'PACK_INVALID' } } });
});

test('sources lie side by side: named, filtered, packed and removed by their ids', {
  timeout: 120_000,
}, async () => {
  const folder = await temporaryFolder();
  const [coats, hats] = [
    await openShop(range(3).map((i) => item(i, { sku: `C-${i}` }))),
    await openShop(range(2).map((i) => item(i, { sku: `H-00${i}` }))),
  ];
  const run = (...args: string[]) => json(folder, ...args, '--data', 'data');
  expect(await run('sync', coats.source.url, '--source', 'coats')).toMatchObject({ code: 0 });
  expect(await run('sync', hats.source.url, '--source', 'hats')).toMatchObject({
    code: 0,
    document: { sourceId: 'hats', products: { total: 2, added: 2, removed: 0 }, published: { products: 5 } },
  });
  expect(await run('search', '--words', 'h 001', '--where', 'source=hats')).toMatchObject({
    document: { results: [{ uid: 'hats/p1', sku: 'H-001', band: 'same' }] },
  });
  expect(await run('search', '--words', 'h 001', '--where', 'source=none')).toMatchObject({
    document: { results: [] },
  });
  expect(await run('pack', 'hats.lookalike-pack', '--source', 'hats')).toMatchObject({
    document: { snapshot: { products: 2 } },
  });
  expect(await run('remove', 'coats')).toMatchObject({ document: { published: { products: 2 } } });
  expect(await run('remove', 'none')).toMatchObject({ document: { published: null } });
  expect((await plain(folder, 'sync', 'x', '--data', 'data', '--source', 'No Name')).code).toBe(2);
});

test('what a command has published, the next one ranks as it was measured', {
  timeout: 180_000,
}, async () => {
  const folder = await temporaryFolder();
  await drawInto(folder, range(30));
  await writeFeed(
    folder,
    range(30).map((i) => item(i)),
  );
  await json(folder, 'import', 'feed.json', '--data', 'data');
  const found = await json(folder, 'search', '3.png', '--data', 'data');
  expect(found.document.ranking.color.from).toBe('calibrated');
});
