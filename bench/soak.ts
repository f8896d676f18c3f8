// `npm run build && npx node bench/soak.ts [--minutes 20] [--photos 600]`: see README.md here.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Command } from 'commander';
import { makeTemporaryFolder, removeFolder } from '../electron/dev/temporary-folder.ts';
import { median } from './figures.ts';
import { PhotoSource } from './photos.ts';
import { ChangingFeed } from './soak/changing-feed.ts';
import { matchOne, publish } from './soak/customer.ts';
import { DrivenApp } from './soak/driven-app.ts';
import { type ProcessUse, processUse } from './soak/processes.ts';

const REPOSITORY = path.resolve(import.meta.dirname, '..');
const MINUTE_MS = 60_000;
/** Pause between two photos: a busy counter, not a stress test. */
const PAUSE_MS = 500;
const SYNC_EVERY = 25;

const options = new Command('soak')
  .description('Uses the real app for some minutes, and shows what each of its processes holds meanwhile.')
  .option('--minutes <n>', 'how long', Number, 20)
  .option('--photos <n>', 'at most so many', Number, 1500)
  .parse()
  .opts<{ minutes: number; photos: number }>();

/** Measurements at one moment. */
interface Sample {
  minute: number;
  photos: number;
  syncs: number;
  /** Median time from the drop to the answer on screen since the last sample, in milliseconds. */
  answered: number;
  uses: ProcessUse[];
}

async function soak(scratch: string): Promise<void> {
  const dataDir = path.join(scratch, 'data');
  const feed = await ChangingFeed.open(path.join(scratch, 'feed'));
  await importFeed(feed.file, dataDir);
  const photos = await PhotoSource.open();
  const app = await DrivenApp.start(REPOSITORY, dataDir);
  try {
    await app.until(`document.querySelector('h1')?.checkVisibility()`);
    const newPhoto = async (n: number) => {
      const file = path.join(scratch, `photo-${n}.jpg`);
      await writeFile(file, await photos.jpeg(n));
      return { file, n };
    };
    const samples: Sample[] = [];
    const began = Date.now();
    let waits: number[] = [];
    let taken = 0;
    let syncs = 0;
    const sample = async () => {
      const minute = (Date.now() - began) / MINUTE_MS;
      const uses = await processUse(app.pid);
      samples.push({ minute, photos: taken, syncs, answered: median(waits), uses });
      waits = [];
      console.log(line(samples.at(-1)));
    };
    console.log(heading());
    await sample();
    while (taken < options.photos && Date.now() - began < options.minutes * MINUTE_MS) {
      waits.push(await matchOne(app, await newPhoto(taken++)));
      if (taken % SYNC_EVERY === 0) {
        await publish(app, await feed.change());
        syncs++;
      }
      if (Date.now() - began >= samples.length * MINUTE_MS) await sample();
      await sleep(PAUSE_MS);
    }
    await sample();
  } finally {
    await app.close();
  }
}

async function importFeed(file: string, dataDir: string): Promise<void> {
  const cli = path.join(REPOSITORY, 'electron/cli.ts');
  await promisify(execFile)(process.execPath, [cli, 'import', file, '--data', dataDir]);
}

const COLUMNS = ['page', 'engine', 'main', 'gpu', 'network'];

function heading(): string {
  const names = COLUMNS.map((name) => `${name} (MB RSS/PSS, handles)`);
  const rule = ['minute', 'photos', 'syncs', 'answer', ...names];
  return `| ${rule.join(' | ')} |\n|${rule.map(() => '---|').join('')}`;
}

function line(sample: Sample | undefined): string {
  if (!sample) return '';
  const uses = COLUMNS.map((name) => {
    const use = sample.uses.find((each) => each.name === name);
    return use ? `${use.rss.toFixed(0)}/${use.pss.toFixed(0)}, ${use.handles}` : '';
  });
  const answered = Number.isNaN(sample.answered) ? '' : `${sample.answered.toFixed(0)} ms`;
  return `| ${[sample.minute.toFixed(1), sample.photos, sample.syncs, answered, ...uses].join(' | ')} |`;
}

const scratch = await makeTemporaryFolder();
try {
  await soak(scratch);
} finally {
  await removeFolder(scratch);
}
