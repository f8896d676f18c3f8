import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { saying } from '../../cli/test-saying.ts';
import { refuse } from '../files/test-held.ts';
import {
  drawPicture,
  importedCatalog,
  item,
  openTestEngine,
  range,
  temporaryFolder,
} from '../test-catalog.ts';
import { PriorityGate } from '../work/priority-gate.ts';
import { Providers } from './providers.ts';

/** As a URL, because Windows' paths, such as D:\engine.ts, cannot be imported. */
const ENGINE = new URL('../open-engine.ts', import.meta.url).href;
const MODELS = fileURLToPath(new URL('../../../models', import.meta.url));

/** Opens an engine in a separate process, which kills itself as soon as a provider is being tried. */
const DIES_IN_A_TRIAL = `
  const [engineFile, dataDir, modelRoot, id] = process.argv.slice(1);
  const { watch } = await import('node:fs');
  const { readFile } = await import('node:fs/promises');
  const { openEngine } = await import(engineFile);
  const engine = await openEngine({ dataDir, modelRoots: [modelRoot], sampleFeed: '' });
  watch(dataDir, async () => {
    const file = JSON.parse(await readFile(dataDir + '/providers.json', 'utf8').catch(() => '{}'));
    if (file.trying) process.kill(process.pid, 'SIGKILL');
  });
  await engine.modelInUse.useProvider(id);
`;

test('a provider is in use with the vectors and the time it gave, or failed with the reason, and then the CPU answers', async () => {
  const { engine, dataDir } = await importedCatalog(
    range(4).map((seed) => item(seed)),
    range(4),
  );
  const [cpu, other] = await engine.modelInUse.listProviders();
  expect(cpu).toEqual({ id: 'cpu', name: 'CPU', state: 'in use', fault: null, msPerImage: null });
  if (!other) throw new Error('this platform offers nothing else');
  expect(other).toMatchObject({ state: 'offered', fault: null });

  const tried = (await engine.modelInUse.useProvider(other.id)).find(({ id }) => id === other.id);
  const works = tried?.state === 'in use';
  expect(tried).toMatchObject({
    state: works ? 'in use' : 'failed',
    fault: saying(/^[^\n]+$/),
    msPerImage: works ? expect.any(Number) : null,
  });
  const reopened = await openTestEngine(dataDir);
  for (const each of [engine, reopened]) {
    const { provider, notices } = await each.status();
    expect({ provider, notices }).toEqual({ provider: works ? other.name : 'CPU', notices: [] });
    const answer = await each.search({ query: { kind: 'photo', photo: { bytes: await drawPicture(2) } } });
    expect(answer.results[0]?.productId).toBe('p2');
    expect(answer.provider).toBe(provider);
  }
  const [back] = await engine.modelInUse.useProvider('cpu');
  expect(back).toMatchObject({ id: 'cpu', state: 'in use' });
});

test('a provider that takes the process with it is not tried again by itself: the CPU answers and says so', async () => {
  const dataDir = await temporaryFolder();
  const [, other] = await (await openTestEngine(dataDir)).modelInUse.listProviders();
  const id = other?.id ?? '';
  const args = ['--input-type=module', '-e', DIES_IN_A_TRIAL, ENGINE, dataDir, MODELS, id];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  // On Windows a process that kills itself has the exit code 1 and no signal.
  expect(await once(child, 'exit')).toEqual(process.platform === 'win32' ? [1, null] : [null, 'SIGKILL']);
  expect(JSON.parse(await readFile(join(dataDir, 'providers.json'), 'utf8')).trying.provider).toBe(id);

  const engine = await openTestEngine(dataDir);
  expect(await engine.status()).toMatchObject({
    provider: 'CPU',
    notices: [saying(`${other?.name} does not work here, so the CPU runs the model. The engine stopped`)],
  });
  expect((await engine.modelInUse.listProviders())[1]).toMatchObject({
    state: 'failed',
    fault: { code: 'PROVIDER_CRASHED' },
  });
  expect((await (await openTestEngine(dataDir)).status()).notices).toEqual([]);
});

test('a provider that has worked is blamed for the second death in a row, and not for a log-off', async () => {
  const dataDir = await temporaryFolder();
  const file = join(dataDir, 'providers.json');
  const [, other] = await (await openTestEngine(dataDir)).modelInUse.listProviders();
  const id = other?.id ?? '';
  // A process that has ended, whose id nobody has.
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  const worked = { worked: true, fault: null, msPerImage: 1, weights: 'before' };
  const left = { chosen: id, trying: { provider: id, pid: child.pid }, tried: { [id]: worked } };
  await writeFile(file, JSON.stringify(left));
  const gate = new PriorityGate();
  expect((await Providers.open(dataDir, gate)).notice).toBeNull();
  const first = JSON.parse(await readFile(file, 'utf8'));
  expect(first).toMatchObject({ chosen: id, trying: null, deaths: 1 });
  expect(first.tried[id].worked).toBe(true);
  await writeFile(file, JSON.stringify({ ...first, trying: left.trying }));
  expect((await Providers.open(dataDir, gate)).notice).toMatchObject({ code: 'PROVIDER_DROPPED' });
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ chosen: 'cpu', trying: null, deaths: 0 });
});

test('where nothing can be noted the CPU answers, and the choice stays', { timeout: 60_000 }, async () => {
  const dataDir = await temporaryFolder();
  const [, other] = await (await openTestEngine(dataDir)).modelInUse.listProviders();
  const chosen = { chosen: other?.id, trying: null, tried: {} };
  await writeFile(join(dataDir, 'providers.json'), JSON.stringify(chosen));
  {
    using _full = refuse('rename', /providers\.json/, { code: 'ENOSPC' });
    expect(await (await openTestEngine(dataDir)).status()).toMatchObject({
      provider: 'CPU',
      notices: [{ code: 'PROVIDER_DROPPED', params: { because: { code: 'STORAGE_FAILED' } } }],
    });
  }
  expect(JSON.parse(await readFile(join(dataDir, 'providers.json'), 'utf8'))).toEqual(chosen);
});

test('a trial in a process that lives is left alone', async () => {
  const dataDir = await temporaryFolder();
  await mkdir(dataDir, { recursive: true });
  const trying = { provider: 'webgpu', pid: process.ppid };
  await writeFile(join(dataDir, 'providers.json'), JSON.stringify({ chosen: 'webgpu', trying, tried: {} }));
  expect(await (await openTestEngine(dataDir)).status()).toMatchObject({ provider: 'CPU', notices: [] });
  expect(JSON.parse(await readFile(join(dataDir, 'providers.json'), 'utf8'))).toMatchObject({
    chosen: 'webgpu',
    trying,
  });
});

test('a provider that was chosen and no longer works is replaced by the CPU in full sight', async () => {
  const dataDir = await temporaryFolder();
  // A provider of another platform.
  const foreign = process.platform === 'win32' ? 'coreml' : 'dml';
  const chosen = { chosen: foreign, trying: null, tried: {} };
  await writeFile(join(dataDir, 'providers.json'), JSON.stringify(chosen));
  expect(await (await openTestEngine(dataDir)).status()).toMatchObject({
    provider: 'CPU',
    notices: [saying(/does not work here, so the CPU runs the model\. .*backend/)],
  });
  expect((await (await openTestEngine(dataDir)).status()).notices).toEqual([]);
});

test('a list of trials that cannot be read is begun anew, and said', async () => {
  const dataDir = await temporaryFolder();
  await writeFile(join(dataDir, 'providers.json'), '{"chosen":');
  expect(await (await openTestEngine(dataDir)).status()).toMatchObject({
    provider: 'CPU',
    notices: [{ code: 'FILE_DAMAGED', params: { of: 'providers', kept: 'providers.json.damaged' } }],
  });
});
