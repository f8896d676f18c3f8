import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Catalog } from '../catalog/catalog.ts';
import {
  drawPicture,
  importedCatalog,
  item,
  openTestEngine,
  range,
  runImport,
  writeFeed,
} from '../test-catalog.ts';

const CLI = fileURLToPath(new URL('../../cli.ts', import.meta.url));
const KILLS = 5;
/** Enough that an import stages its rows in more than one write. */
const PRODUCTS = 150;

/** Begins an import in a process of its own. */
async function startImport(folder: string, dataDir: string): Promise<ChildProcess> {
  const args = [CLI, 'import', join(folder, 'feed.json'), '--data', dataDir];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  // Its first line of progress.
  if (child.stderr) await once(child.stderr, 'data');
  return child;
}

/** Everything a reader can see of a catalog. */
async function contents(dataDir: string, ids: readonly string[]) {
  const catalog = await Catalog.open(join(dataDir, 'catalog'), { id: 'starter', dim: 576 });
  const snapshot = await catalog.live();
  if (!snapshot) throw new Error('nothing is published');
  const images = ids.flatMap((id) => snapshot.product(id));
  const thumbnails = await snapshot.thumbnails([...new Set(images.map(({ row }) => row.imageHash))]);
  return {
    counts: { products: snapshot.info.products, images: snapshot.info.images },
    rows: images.map(({ row }) => row),
    vectors: images.map(({ vector }) => vector),
    thumbnails,
  };
}

test(`${KILLS} imports killed at different moments: readers never see a part, and the next import completes`, {
  timeout: 180_000,
}, async () => {
  const before = range(30).map((i) => item(i, { price: 1 }));
  const { folder, dataDir } = await importedCatalog(before, range(PRODUCTS));
  const ids = range(PRODUCTS).map((i) => `p${i}`);
  const first = await contents(dataDir, ids);
  // Five go, the others' prices change, and most are new.
  const source = await writeFeed(
    folder,
    range(PRODUCTS)
      .slice(5)
      .map((i) => item(i, { price: 2 })),
  );
  const copyOf = async (name: string) => {
    const copy = join(folder, name);
    await cp(dataDir, copy, { recursive: true });
    return copy;
  };

  const undisturbed = await copyOf('undisturbed');
  const child = await startImport(folder, undisturbed);
  const began = performance.now();
  await once(child, 'exit');
  let duration = performance.now() - began;
  const whole = await contents(undisturbed, ids);
  expect(whole.counts).toEqual({ products: PRODUCTS - 5, images: PRODUCTS - 5 });

  const killed: string[] = [];
  let readersSawOld = 0;
  for (let attempt = 0; killed.length < KILLS; attempt++) {
    const copy = await copyOf(`copy${attempt}`);
    const victim = await startImport(folder, copy);
    // Each somewhere in its own share of the import's time, the shares together covering all of it.
    const moment = (duration * (killed.length + Math.random())) / KILLS;
    await new Promise((resolve) => setTimeout(resolve, moment));
    victim.kill('SIGKILL');
    if (victim.exitCode === null && victim.signalCode === null) await once(victim, 'exit');
    if (victim.signalCode === 'SIGKILL') killed.push(copy);
    else duration = moment;
    const live = await contents(copy, ids);
    const isOld = live.rows.length === first.rows.length;
    expect(live.rows).toEqual((isOld ? first : whole).rows);
    expect(live.thumbnails).toEqual((isOld ? first : whole).thumbnails);
    if (isOld) readersSawOld++;
  }
  console.log(`${killed.length} imports killed; after ${readersSawOld} of them the old catalog answers`);
  expect(readersSawOld).toBeGreaterThan(0);

  for (const copy of killed) {
    const next = await openTestEngine(copy);
    const query = { kind: 'photo', photo: { bytes: await drawPicture(10) } } as const;
    expect((await next.search({ query, limit: 1 })).results).toMatchObject([{ productId: 'p10' }]);
    expect((await runImport(next, source)).problems).toEqual([]);
    const mended = await contents(copy, ids);
    expect(mended.counts).toEqual(whole.counts);
    expect(mended.rows).toEqual(whole.rows);
    expect(mended.thumbnails).toEqual(whole.thumbnails);
    mended.vectors.forEach((vector, i) => {
      const cosine = vector.reduce((sum, value, n) => sum + value * (whole.vectors[i]?.[n] ?? 0), 0);
      expect(cosine).toBeCloseTo(1, 5);
    });
  }
});
