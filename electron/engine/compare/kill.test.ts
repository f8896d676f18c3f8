import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { drawPicture, importedCatalog, item, range, temporaryFolder } from '../test-catalog.ts';
import { Document } from './document.ts';
import { writeDocument } from './test-document.ts';
import { trustOf } from './trust.ts';

const CLI = fileURLToPath(new URL('../../cli.ts', import.meta.url));
const DOCUMENT = new URL('document.ts', import.meta.url).href;
const TRUST = new URL('trust.ts', import.meta.url).href;
/** To kill more often: `KILLS=20 npx vitest run electron/engine/compare/kill.test.ts`. */
const KILLS = Number(process.env.KILLS ?? 3);
const PICTURES = 60;

async function killed(child: ChildProcess): Promise<void> {
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

test(`${KILLS} runs killed at different moments: what was compared is kept, and the last run ends it`, {
  timeout: 60_000 + KILLS * 30_000,
}, async () => {
  const { folder, dataDir, engine } = await importedCatalog(
    range(8).map((seed) => item(seed)),
    range(8),
  );
  const pile = join(folder, 'pile');
  await mkdir(pile);
  for (const seed of range(PICTURES)) await writeFile(join(pile, `${seed}.png`), await drawPicture(seed));
  const journal = async () => {
    const [id] = (await engine.comparisons.list()).map(({ id }) => id);
    return id ? readFile(join(dataDir, 'comparisons', id, 'journal.jsonl'), 'utf8').catch(() => '') : '';
  };
  const comparedIn = (text: string) => new Set(text.match(/"kind":"compared","row":\d+/g) ?? []);
  let before = new Set<string>();
  for (const kill of range(KILLS)) {
    const child = spawn(process.execPath, [CLI, 'compare', pile, '--data', dataDir], { stdio: 'ignore' });
    const ended = () => child.exitCode !== null;
    // The first while it lists or begins, the others further on.
    const moment = Math.floor((kill * PICTURES) / KILLS);
    await vi.waitUntil(async () => ended() || (await journal()).includes('"kind":"row"'), {
      timeout: 60_000,
      interval: 10,
    });
    await vi.waitUntil(async () => ended() || comparedIn(await journal()).size >= moment, {
      timeout: 60_000,
      interval: 10,
    });
    await killed(child);
    const now = comparedIn(await journal());
    expect([...before].every((row) => now.has(row))).toBe(true);
    before = now;
    // Otherwise the next would wait five seconds until the lock is stale.
    const [id] = (await engine.comparisons.list()).map(({ id }) => id);
    await rm(join(dataDir, 'comparisons', `${id}.lock`), { recursive: true, force: true });
  }
  const unfinished = await engine.comparisons.list();
  expect(unfinished).toHaveLength(1);
  const id = unfinished[0]?.id ?? '';
  await engine.comparisons.run({ id, failed: false, again: false });
  await engine.comparisons.ended(id);
  const { comparison, ended } = await engine.comparisons.state(id);
  expect(ended).toBeNull();
  expect(comparison.counts).toMatchObject({ rows: PICTURES, answered: PICTURES, waiting: 0, failed: 0 });
  // Nothing is compared twice but what was in progress.
  const lines = (await journal()).match(/"kind":"compared"/g) ?? [];
  expect(lines.length).toBe(PICTURES);
});

/** Runs a program that numbers what was answered, and kills it after so many lines. @returns the last number */
async function killedAfter(lines: number, code: string, folder: string): Promise<number> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (text) => {
    said += String(text);
  });
  await vi.waitUntil(() => said.split('\n').length > lines, { timeout: 50_000, interval: 1 });
  await killed(child);
  return Number(said.trim().split('\n').at(-1));
}

test('no change that was answered is lost by a kill', { timeout: 60_000 }, async () => {
  const folder = join(await temporaryFolder(), 'one');
  const code = `const { Document } = await import(${JSON.stringify(DOCUMENT)});
    const at = new Date().toISOString();
    const begin = { kind: 'begin', version: 1, name: 'one', competitor: null, createdAt: at, sources: [] };
    const document = await Document.create(process.argv[1], async () => [begin, { kind: 'row', row: 1, source: 0, at: 'a' }]);
    for (let n = 0; ; n++) {
      const choice = { match: n % 2 ? 'none' : 'unsure', product: null, picture: null };
      await document.write(() => [{ kind: 'step', at: new Date(n).toISOString(), decisions: [{ row: 1, choice }] }]);
      process.stdout.write(n + '\\n');
    }`;
  const answered = await killedAfter(50, code, folder);
  const document = await Document.open(folder);
  const last = Date.parse(document.state.rows.get(1)?.decision?.at ?? '');
  expect(last).toBeGreaterThanOrEqual(answered);
});

test('a kill leaves a band accepted with its sample, or not at all', { timeout: 60_000 }, async () => {
  const dataDir = await temporaryFolder();
  const id = await writeDocument(
    dataDir,
    'one',
    range(400).map(() => 'close' as const),
  );
  const folder = join(dataDir, 'comparisons', id);
  const code = `const { Document } = await import(${JSON.stringify(DOCUMENT)});
    const { acceptBand } = await import(${JSON.stringify(TRUST)});
    const document = await Document.open(process.argv[1]);
    const at = new Date().toISOString();
    const choice = { match: 'none', product: null, picture: null };
    for (let row = 1; row <= 35; row++)
      await document.write(() => [{ kind: 'step', at, decisions: [{ row, choice }] }]);
    for (let n = 0; ; n++) {
      if (n % 2 === 0) await acceptBand(document, { band: 'close', as: 'same' });
      else await document.write(() => [{ kind: 'undo' }]);
      process.stdout.write(n + '\\n');
    }`;
  const answered = await killedAfter(20, code, folder);
  const { state } = await Document.open(folder);
  const { acceptances } = trustOf(state);
  // What was answered last is there, and what was under way is there as a whole or not at all.
  const isAccepted = acceptances.length > 0;
  expect(state.counts.inBulk).toBe(isAccepted ? 365 : 0);
  if (isAccepted) expect(acceptances).toMatchObject([{ rows: 365, sample: { length: 30 } }]);
  const text = await readFile(join(folder, 'journal.jsonl'), 'utf8');
  const steps = text.match(/"accepted":\{|"kind":"undo"/g) ?? [];
  expect(steps.length).toBeGreaterThanOrEqual(answered + 1);
});
