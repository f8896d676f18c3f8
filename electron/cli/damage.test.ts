import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { drawInto, item, range, temporaryFolder, writeFeed } from '../engine/test-catalog.ts';
import { withModels } from './session.ts';

const CLI = fileURLToPath(new URL('../cli.ts', import.meta.url));
const TABLE = 'catalog/product-images.lance';
const ended = z.object({ stdout: z.string(), stderr: z.string(), code: z.int().default(0) });

/** Runs a command as a separate process. Returns its exit code, its JSON document and its text for people. */
async function lookalike(folder: string, ...args: string[]) {
  const { INIT_CWD: _, ...env } = process.env;
  const run = promisify(execFile)(process.execPath, [CLI, ...args, '--json'], { cwd: folder, env });
  const { stdout, stderr, code } = ended.parse(await run.catch((failed: unknown) => failed));
  return { code, document: JSON.parse(stdout), stderr };
}

const DAMAGES: Record<string, (data: string) => Promise<unknown>> = {
  'the tag of the live version is emptied': (data) =>
    writeFile(join(data, TABLE, '_refs/tags/live.json'), ''),
  'all data files are gone': async (data) => {
    for (const name of await readdir(join(data, TABLE, 'data'))) await rm(join(data, TABLE, 'data', name));
  },
  'the list of snapshots is emptied': async (data) => {
    const list = join(data, 'catalog/snapshots.lance/data');
    for (const name of await readdir(list)) await writeFile(join(list, name), '');
  },
  'the table of another model is only begun': (data) =>
    mkdir(join(data, 'catalog/features-other.lance/_transactions'), { recursive: true }),
};

test('from a terminal a damaged catalog is said, mended by an import, and searched again', {
  timeout: 300_000,
}, async () => {
  const shop = await temporaryFolder();
  await drawInto(shop, range(4));
  const run = (...args: string[]) => lookalike(shop, ...args);
  // Two snapshots: if the second is damaged, the first can answer.
  for (const price of [10, 20]) {
    await writeFeed(
      shop,
      range(4).map((seed) => item(seed, { price })),
    );
    expect((await run('import', 'feed.json', '--data', 'whole')).code).toBe(0);
  }
  for (const [what, damage] of Object.entries(DAMAGES)) {
    const data = join(await temporaryFolder(), 'data');
    await cp(join(shop, 'whole'), data, { recursive: true });
    await damage(data);
    // A table that was only started has nothing to lose.
    const code = what.endsWith('only begun') ? 0 : 4;
    expect(await run('check', '--data', data), what).toMatchObject({ code });
    const search = () => run('search', '2.png', '--data', data, '--limit', '1');
    const before = await search();
    // An answer from an intact snapshot, or an error that names the damage and the command that helps.
    if (before.code === 0) expect(before.document.results[0].productId, what).toBe('p2');
    else {
      expect(before.code, what).toBe(4);
      expect(before.stderr, what).toMatch(/damaged/i);
      expect(before.stderr, what).not.toMatch(/disk has space|rustc/);
    }
    expect(await run('import', 'feed.json', '--data', data), what).toMatchObject({ code: 0 });
    expect((await search()).document.results[0], what).toMatchObject({ productId: 'p2', price: 20 });
    expect(await run('check', '--data', data), what).toMatchObject({ code: 0 });
  }
});

test('a command on models puts back the one that a killed installation took out of the way', async () => {
  const data = await temporaryFolder();
  await mkdir(join(data, 'models/.installing/shop.before'), { recursive: true });
  await withModels({ data }, async () => {
    expect(await readdir(join(data, 'models'))).toContain('shop');
  });
});
