import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { testRow } from '../catalog/test-rows.ts';
import { LiveCatalog } from '../snapshot/live-catalog.ts';
import { range, temporaryFolder } from '../test-catalog.ts';
import { exportPack } from './export.ts';
import { importPack } from './import.ts';
import { MODEL, partsOf, published, publishedCatalog, run } from './test-pack.ts';

const never = new AbortController().signal;
const KILLS = 8;
const PRODUCTS = 1500;

/** Imports in a separate process, which reports each step. */
function startImport(folder: string, path: string): ChildProcess {
  const [catalog, pack] = ['../catalog/catalog.ts', './import.ts'].map(
    (name) => new URL(name, import.meta.url),
  );
  const code = `
    const { Catalog } = await import(${JSON.stringify(catalog)});
    const { importPack } = await import(${JSON.stringify(pack)});
    const model = ${JSON.stringify(MODEL)};
    const catalog = await Catalog.open(${JSON.stringify(folder)}, model);
    const request = { path: ${JSON.stringify(path)}, source: 'x' };
    for await (const { phase } of importPack({ catalog, model, dataDir: ${JSON.stringify(dirname(folder))} }, request, new AbortController().signal)) {
      console.log(phase);
    }`;
  const args = ['--input-type=module', '--eval', code];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Kills the process a moment after it has begun the nth step of staging. */
async function killAt(child: ChildProcess, step: number, afterMs: number): Promise<NodeJS.Signals | null> {
  let steps = 0;
  const exited = once(child, 'exit');
  if (!child.stdout) throw new Error('no output to follow');
  for await (const phase of createInterface(child.stdout)) {
    if (phase !== 'checking') steps++;
    if (steps === step) setTimeout(() => child.kill('SIGKILL'), afterMs);
  }
  await exited;
  return child.signalCode;
}

test(`${KILLS} imports of a pack killed while they write: what is published stays, and the next completes`, {
  timeout: 180_000,
}, async () => {
  const shared = range(500).map((seed) => testRow(seed, { price: 1 }));
  const { catalog, path } = await publishedCatalog(
    await temporaryFolder(),
    range(PRODUCTS).map((seed) => testRow(seed, { price: 2 })),
  );
  await run(exportPack(partsOf(catalog), { path }, never));
  const wanted = await published(catalog);
  const store = await publishedCatalog(await temporaryFolder(), [...shared, testRow(9999)]);
  const before = await published(store.catalog);

  const copies: LiveCatalog[] = [];
  let killed = 0;
  let sawOld = 0;
  for (let attempt = 0; killed < KILLS; attempt++) {
    const folder = join(store.folder, `copy${attempt}`);
    await cp(join(store.folder, 'catalog'), folder, { recursive: true });
    // The steps range from the first part written to the publish itself.
    const signal = await killAt(startImport(folder, path), 1 + (attempt % 7), Math.random() * 120);
    if (signal === 'SIGKILL') killed++;
    const copy = await LiveCatalog.open(folder, MODEL);
    const seen = await published(copy);
    expect([before, wanted]).toContainEqual(seen);
    if (seen.length === before.length) sawOld++;
    copies.push(copy);
  }
  console.log(`${killed} imports killed; after ${sawOld} of them the old catalog answers`);
  expect(sawOld).toBeGreaterThan(0);

  // All at once, because each import waits until the lock of the killed process is stale.
  const importing = (copy: LiveCatalog) => run(importPack(partsOf(copy), { path, source: 'x' }, never));
  await Promise.all(copies.map(importing));
  for (const copy of copies) expect(await published(copy)).toEqual(wanted);
});
