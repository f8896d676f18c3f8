// `npx node bench/kills.ts [--kills 200] [--model DIR]`: see README.md here.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { access, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Command } from 'commander';
import { makeTemporaryFolder, removeFolder } from '../electron/dev/temporary-folder.ts';
import type { Engine } from '../electron/engine/engine.ts';
import { openEngine } from '../electron/engine/open-engine.ts';
import { STARTER } from './model.ts';
import { PhotoSource } from './photos.ts';
import { pick, seeded } from './random.ts';

const CLI = path.resolve(import.meta.dirname, '../electron/cli.ts');
const MODELS = path.resolve(import.meta.dirname, '../models');
const PRODUCTS = 30;
/** How long to wait for a command that changes no file, before it is killed anyway, in milliseconds. */
const STILL_MS = 4000;

const options = new Command('kills')
  .description(
    'Kills commands while they write, and looks whether two catalogs were ever mixed or anything was lost.',
  )
  .option('--kills <n>', 'how many', Number, 200)
  .option('--seed <n>', 'of the random moments', Number, Date.now() % 1e6)
  .option('--model <dir>', 'another model, to switch to and back')
  .parse()
  .opts<{ kills: number; seed: number; model?: string }>();

const random = seeded(options.seed);

/** The two catalogs that commands switch between. All prices, titles and most pictures differ. */
type Catalog = 'A' | 'B';
const other = (catalog: Catalog): Catalog => (catalog === 'A' ? 'B' : 'A');

/** The files on disk for the whole run. */
interface Scene {
  folder: string;
  data: string;
}

const feedOf = ({ folder }: Scene, catalog: Catalog) => path.join(folder, catalog, 'feed.json');
const packOf = ({ folder }: Scene, catalog: Catalog) => path.join(folder, `${catalog}.lookalike-pack`);

/** A command, and the catalog and model that must be live after it. */
interface Operation {
  name: string;
  args: string[];
  target: Catalog;
  model: string | null;
  /** The folder that it writes to. */
  writes: string;
}

async function drawFeeds(scene: Scene): Promise<void> {
  const photos = await PhotoSource.open();
  for (const catalog of ['A', 'B'] as const) {
    const folder = path.join(scene.folder, catalog);
    await mkdir(folder);
    const products = [];
    for (let i = 0; i < PRODUCTS; i++) {
      // Every third picture is in both catalogs.
      const seed = i % 3 === 0 || catalog === 'A' ? i : 1000 + i;
      await writeFile(path.join(folder, `${i}.jpg`), await photos.jpeg(seed));
      products.push({
        id: `p${i}`,
        title: `${catalog} ${i}`,
        price: i + (catalog === 'A' ? 1 : 100),
        image: `${i}.jpg`,
      });
    }
    await writeFile(feedOf(scene, catalog), JSON.stringify({ version: 1, name: catalog, products }));
  }
}

async function run(args: readonly string[], scene: Scene): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...args, '--data', scene.data], {
    maxBuffer: 1e8,
  });
  return stdout;
}

/** Everything that a reader sees: the model in use, and of each row its title, price, picture and thumbnail. */
async function seen(scene: Scene): Promise<{ model: string; rows: string }> {
  const engine = await openEngine({
    dataDir: scene.data,
    modelRoots: [MODELS, path.join(scene.data, 'models')],
    sampleFeed: '',
  });
  try {
    return { model: engine.catalog.modelId, rows: (await readRows(engine)).sort().join('\n') };
  } finally {
    await engine.close();
  }
}

async function readRows({ catalog }: Engine): Promise<string[]> {
  const live = await catalog.liveInfo();
  if (!live) throw new Error('Nothing is published.');
  const rows: string[] = [];
  for await (const batch of catalog.rows.scanWithContent(live.version)) {
    for (const { row, content } of batch) {
      const thumbnail = createHash('sha256').update(content.thumbnail).digest('hex').slice(0, 12);
      rows.push(`${row.key} ${row.title} ${row.price} ${row.imageHash.slice(0, 12)} ${thumbnail}`);
    }
  }
  return rows;
}

/** Starts a command and kills it at one of its changes to files. Returns whether it was killed before its end. */
async function killAt({ args, writes }: Operation, change: number, scene: Scene) {
  const child = spawn(process.execPath, [CLI, ...args, '--data', scene.data], {
    stdio: 'ignore',
    detached: true,
  });
  const ended = once(child, 'exit');
  const changes = await countChanges(child, writes, change);
  kill(child);
  await ended;
  return { killed: child.signalCode === 'SIGKILL', changes };
}

/** Resolves at the nth change, when the command has ended, or when it has changed nothing for a long time. */
async function countChanges(child: ChildProcess, folder: string, nth: number): Promise<number> {
  let changes = 0;
  let last = performance.now();
  const stop = new AbortController();
  const watcher = watch(folder, { recursive: true, signal: stop.signal }, () => {
    last = performance.now();
    if (++changes === nth) kill(child);
  });
  watcher.on('error', () => {});
  // Until the first change the command is starting, which may take any time.
  while (child.exitCode === null && child.signalCode === null) {
    if (changes > 0 && performance.now() - last > STILL_MS) break;
    await sleep(20);
  }
  stop.abort();
  return changes;
}

function kill({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // The command has ended by itself.
  }
}

const exists = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );

async function operations(scene: Scene, live: Catalog, model: string, models: readonly string[]) {
  const next = other(live);
  const stay = { model: null, writes: scene.data };
  const snapshots: { version: number; name: string; live: boolean }[] = JSON.parse(
    await run(['snapshots', '--json'], scene),
  ).snapshots;
  const back = snapshots.find(({ name }) => name === next);
  const all: Operation[] = [
    { name: 'import', args: ['import', feedOf(scene, next)], target: next, ...stay },
    { name: 'sync', args: ['sync', feedOf(scene, next), '--confirm-removals'], target: next, ...stay },
    { name: 'import --afresh', args: ['import', '--afresh', feedOf(scene, next)], target: next, ...stay },
    {
      name: 'pack',
      args: ['pack', path.join(scene.folder, 'out', 'pack.lookalike-pack')],
      target: live,
      model: null,
      writes: path.join(scene.folder, 'out'),
    },
  ];
  if (back) all.push({ name: 'rollback', args: ['rollback', String(back.version)], target: next, ...stay });
  if (model === STARTER) {
    all.push({
      name: 'unpack',
      args: ['unpack', packOf(scene, next), '--confirm-removals'],
      target: next,
      ...stay,
    });
  }
  const to = models.find((id) => id !== model);
  if (to)
    all.push({
      name: 'models use',
      args: ['models', 'use', to],
      target: live,
      model: to,
      writes: scene.data,
    });
  return all;
}

async function prepare(scene: Scene): Promise<{ rows: Record<Catalog, string>; models: string[] }> {
  await drawFeeds(scene);
  await mkdir(path.join(scene.folder, 'out'));
  const rows = { A: '', B: '' };
  for (const catalog of ['B', 'A'] as const) {
    await run(['import', feedOf(scene, catalog)], scene);
    await run(['pack', packOf(scene, catalog)], scene);
    rows[catalog] = (await seen(scene)).rows;
  }
  if (!options.model) return { rows, models: [STARTER] };
  await run(['models', 'install', '--from', options.model], scene);
  return { rows, models: [STARTER, path.basename(options.model)] };
}

async function main(scene: Scene): Promise<void> {
  const { rows, models } = await prepare(scene);
  const nameOf = (state: string) => (state === rows.A ? 'A' : state === rows.B ? 'B' : null);
  let [live, model]: [Catalog, string] = ['A', STARTER];
  /** The largest number of changes that was seen in a whole run of each command. */
  const length = new Map<string, number>();
  const counts = new Map<string, { kills: number; writing: number; took: number }>();
  const faults: string[] = [];
  let kills = 0;
  while (kills < options.kills) {
    const all = await operations(scene, live, model, models);
    // The command that was killed least so far.
    const killsOf = (name: string) => counts.get(name)?.kills ?? 0;
    const least = Math.min(...all.map(({ name }) => killsOf(name)));
    const operation = pick(
      all.filter(({ name }) => killsOf(name) === least),
      random,
    );
    const { name, target } = operation;
    const at = 1 + Math.floor(random() * (length.get(name) ?? 12));
    const { killed, changes } = await killAt(operation, at, scene);
    length.set(name, Math.max(length.get(name) ?? 12, changes));
    const say = (what: string) => {
      faults.push(`${name}, change ${at}: ${what}`);
      console.log(`FAULT ${faults.at(-1)}`);
    };
    const after = await seen(scene).catch((error: unknown) => ({ model: '', rows: String(error) }));
    const saw = nameOf(after.rows);
    if (saw !== live && saw !== target) say(`neither ${live} nor ${target}: ${after.rows.slice(0, 300)}`);
    if (killed) {
      kills++;
      const count = counts.get(name) ?? { kills: 0, writing: 0, took: 0 };
      counts.set(name, {
        kills: count.kills + 1,
        writing: count.writing + (changes > 0 ? 1 : 0),
        took: count.took + (saw === target && target !== live ? 1 : 0),
      });
    }
    const failed = await run(operation.args, scene).then(
      () => null,
      (error: unknown) => String(error),
    );
    if (failed) say(`the next run failed: ${failed.slice(0, 300)}`);
    const done = await seen(scene).catch((error: unknown) => ({ model: '', rows: String(error) }));
    if (nameOf(done.rows) !== target) say(`after the next run not ${target}: ${done.rows.slice(0, 300)}`);
    if (name === 'pack') {
      const out = path.join(scene.folder, 'out', 'pack.lookalike-pack');
      if (!(await exists(out))) say('no pack');
      await rm(out, { force: true });
    }
    if (failed || nameOf(done.rows) !== target) {
      // The faulty data folder is kept for examination. The run continues from an intact catalog.
      await cp(scene.data, `${scene.folder}-fault-${faults.length}`, { recursive: true });
      await removeFolder(scene.data);
      await run(['import', feedOf(scene, 'A')], scene);
      [live, model] = ['A', STARTER];
    } else [live, model] = [target, done.model];
    if (kills % 10 === 0 && killed) console.log(`${kills} kills, ${faults.length} faults`);
  }
  console.log(
    '| command | kills | of them while it wrote | the new state was seen after |\n|---|---|---|---|',
  );
  for (const [name, { kills: n, writing, took }] of counts)
    console.log(`| ${name} | ${n} | ${writing} | ${took} |`);
  console.log(`Seed ${options.seed}: ${kills} kills, ${faults.length} faults`);
  for (const fault of faults) console.log(fault);
  process.exitCode = faults.length > 0 ? 1 : 0;
}

const folder = await makeTemporaryFolder();
try {
  await main({ folder, data: path.join(folder, 'data') });
} finally {
  await removeFolder(folder);
}
