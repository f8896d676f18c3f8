import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFile,
  mkdir,
  readdir,
  readFile,
  rename,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { InstallProgress, InstallRequest } from '../../../contract/models.ts';
import { refuse } from '../../files/test-held.ts';
import { installedModels } from '../../model/files.ts';
import { MODELS, temporaryFolder } from '../../test-catalog.ts';
import { installDualEncoder } from '../../test-dual-encoder.ts';
import { restoreReplaced, stagingRoot } from './stage.ts';
import { ModelStore } from './store.ts';
import { cutAfter, FileServer, noise, page, sha256, stallAfter } from './test-server.ts';

const CLI = fileURLToPath(new URL('../../../cli.ts', import.meta.url));
/** A real model of 3.8 MB, which the tests list as a model to download. */
const STARTER = await readFile(join(MODELS, 'starter-2', 'model.onnx'));
const never = new AbortController().signal;
const file = { path: 'model.onnx', url: 'https://models.example/shop/model.onnx' };
const pinned = { ...file, bytes: STARTER.length, sha256: sha256(STARTER) };
const entry = {
  id: 'shop',
  name: 'Shop model',
  summary: 'For tests.',
  licence: 'MIT',
  dim: 576,
  image: {
    file: 'model.onnx',
    input: 'pixel_values',
    output: 'image_embeds',
    size: 224,
    resize: 'cover',
    kernel: 'cubic',
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
  },
  files: [pinned],
};

/** A store of its own whose list has one model, `shop`. */
async function open(listed: unknown = entry, inUse = async (): Promise<string | null> => null) {
  const [list, data] = [await temporaryFolder(), await temporaryFolder()];
  await writeFile(join(list, 'manifest.json'), JSON.stringify({ formatVersion: 1, models: [listed] }));
  const folder = join(data, 'models');
  const store = new ModelStore({ folder, roots: [list], inUse });
  return { store, folder, roots: [folder, list] };
}

const network: InstallRequest = { from: 'network', id: 'shop' };

/** Installs to the end. Returns the model's state or the error, and all progress. */
async function install(store: ModelStore, request: InstallRequest = network, signal = never) {
  const told: InstallProgress[] = [];
  const steps = store.install(request, signal);
  try {
    let step = await steps.next();
    while (!step.done) {
      told.push(step.value);
      step = await steps.next();
    }
    return { outcome: step.value, told };
  } catch (error) {
    return { outcome: error, told };
  }
}

/** Files below the models folder. */
const filesIn = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((found) => found.isFile())
    .map((found) => found.name)
    .sort();

test('a model is downloaded from the mirror, verified, proved and installed; removed, nothing of it is left', async () => {
  const server = await FileServer.open(STARTER);
  const { store, folder, roots } = await open();
  expect(await store.list()).toMatchObject([
    {
      id: 'shop',
      installed: false,
      bytes: STARTER.length,
      bytesHere: 0,
      downloadable: true,
      removable: false,
    },
  ]);
  expect(await store.setMirror({ url: `${server.url}/mirror/` })).toEqual({ url: `${server.url}/mirror/` });
  const { outcome } = await install(store);
  expect(outcome).toMatchObject({
    installed: true,
    bytesHere: STARTER.length,
    verifiedBy: 'manifest',
    inUse: false,
    removable: true,
  });
  expect(server.paths).toEqual(['/mirror/shop/model.onnx']);
  expect(await filesIn(folder)).toEqual(['model.onnx', 'settings.json', 'verified.json']);
  expect((await installedModels(roots)).map(({ entry: { id } }) => id)).toEqual(['shop']);
  expect(await store.verify('shop')).toEqual(outcome);

  // Installing again downloads nothing that is here and verified.
  expect((await install(store)).outcome).toEqual(outcome);
  expect(server.paths.length).toBe(1);

  await store.remove('shop');
  expect(await filesIn(folder)).toEqual(['settings.json']);
  await expect(store.remove('shop')).rejects.toMatchObject({ code: 'MODEL_MISSING' });
  await expect(store.verify('shop')).rejects.toMatchObject({ code: 'MODEL_MISSING' });
  await expect(store.verify('none')).rejects.toMatchObject({ code: 'MODEL_UNKNOWN' });
});

test('paused and gone on with by another store, as after a restart, no byte comes twice', async () => {
  const half = 2_000_000;
  const server = await FileServer.open(STARTER, stallAfter(half));
  const { store, folder, roots } = await open();
  await store.setMirror({ url: server.url });
  const steps = store.install(network, never);
  // To stop iterating has the same effect as aborting.
  for await (const progress of steps) {
    if (progress.done < half) continue;
    expect(progress).toMatchObject({ phase: 'downloading', total: STARTER.length });
    break;
  }
  expect(await store.list()).toMatchObject([{ installed: false, bytesHere: half, removable: true }]);
  expect(await installedModels(roots)).toEqual([]);

  const next = new ModelStore({ folder, roots, inUse: async () => null });
  const { outcome } = await install(next);
  expect(outcome).toMatchObject({ installed: true, verifiedBy: 'manifest' });
  expect(server.ranges).toEqual([null, `bytes=${half}-`]);
  expect(server.sent).toBe(STARTER.length);
});

test('killed in the middle of a download, the next one asks for the rest alone', {
  timeout: 120_000,
}, async () => {
  const half = 2_000_000;
  const server = await FileServer.open(STARTER, stallAfter(half));
  const data = await temporaryFolder();
  await mkdir(join(data, 'models'));
  await writeFile(
    join(data, 'models', 'manifest.json'),
    JSON.stringify({ formatVersion: 1, models: [entry] }),
  );
  const command = [CLI, 'models', 'install', 'shop', '--mirror', server.url, '--data', data, '--json'];
  const run = () => spawn(process.execPath, command, { stdio: 'ignore' });
  const part = join(data, 'models', '.installing', 'shop', 'model.onnx.part');
  const killed = run();
  while ((await stat(part).catch(() => null))?.size !== half)
    await new Promise((resolve) => setTimeout(resolve, 20));
  killed.kill('SIGKILL');
  await once(killed, 'exit');

  const [code] = await once(run(), 'exit');
  expect(code).toBe(0);
  expect(server.ranges).toEqual([null, `bytes=${half}-`]);
  expect(server.sent).toBe(STARTER.length);
  expect(await readdir(join(data, 'models'))).not.toContain('.installing');
  expect(sha256(await readFile(join(data, 'models', 'shop', 'model.onnx')))).toBe(pinned.sha256);
});

test('a download that fails leaves the model as it was, and can be thrown away', async () => {
  const server = await FileServer.open(STARTER, cutAfter(1000), page);
  const { store, folder, roots } = await open();
  await store.setMirror({ url: server.url });
  const { outcome } = await install(store);
  expect(outcome).toMatchObject({
    code: 'MODEL_DOWNLOAD_FAILED',
    fault: { params: { reason: { kind: 'web-page' } } },
  });
  expect(await installedModels(roots)).toEqual([]);
  expect(await store.list()).toMatchObject([{ installed: false, bytesHere: 1000, removable: true }]);
  await store.remove('shop');
  expect(await filesIn(folder)).toEqual(['settings.json']);
});

test('bytes that are vouched for but are no such model are not installed', async () => {
  const bytes = noise(10_000);
  const server = await FileServer.open(bytes);
  const { store, folder } = await open({
    ...entry,
    files: [{ ...file, bytes: bytes.length, sha256: sha256(bytes) }],
  });
  await store.setMirror({ url: server.url });
  expect((await install(store)).outcome).toMatchObject({ code: 'MODEL_MISMATCH' });
  expect(await filesIn(folder)).toEqual(['settings.json']);
});

test("the hub's hash is noted beside the file, and holds from then on", async () => {
  const server = await FileServer.open(STARTER);
  server.headers = { 'x-linked-etag': `"${pinned.sha256}"` };
  const { store, folder, roots } = await open({
    ...entry,
    files: [{ ...file, sha256From: 'x-linked-etag' }],
  });
  await store.setMirror({ url: server.url });
  expect(await store.list()).toMatchObject([{ bytes: null }]);
  expect((await install(store)).outcome).toMatchObject({ verifiedBy: 'hub', bytes: STARTER.length });
  expect((await installedModels(roots))[0]?.entry.files).toMatchObject([{ sha256: pinned.sha256 }]);
  const bytes = Buffer.from(STARTER);
  bytes.writeUInt8(bytes.readUInt8(5000) ^ 1, 5000);
  await writeFile(join(folder, 'shop', 'model.onnx'), bytes);
  await expect(store.verify('shop')).rejects.toMatchObject({ code: 'MODEL_ALTERED' });
  expect((await install(store)).outcome).toMatchObject({ installed: true });
  expect(await store.verify('shop')).toMatchObject({ verifiedBy: 'hub' });
  server.headers = {};
  await store.remove('shop');
  expect((await install(store)).outcome).toMatchObject({ code: 'MODEL_UNVERIFIABLE' });
  expect(await store.list()).toMatchObject([{ bytesHere: 0, removable: false }]);
});

test('a listed model is known by its bytes, from a file of any name or deep in a folder', async () => {
  const stick = await temporaryFolder();
  await mkdir(join(stick, 'a', 'b'), { recursive: true });
  await writeFile(join(stick, 'a', 'b', 'renamed.bin'), STARTER);
  await writeFile(join(stick, 'model.onnx'), noise(STARTER.length));
  // As Windows shows files of some servers, a junction here.
  const links = await temporaryFolder();
  await symlink(join(stick, 'a'), join(links, 'linked'), 'junction');
  for (const path of [join(stick, 'a', 'b', 'renamed.bin'), stick, links]) {
    const { store } = await open();
    const { outcome, told } = await install(store, { from: 'path', path });
    expect(outcome).toMatchObject({ id: 'shop', installed: true, verifiedBy: 'manifest' });
    expect(told.every(({ phase }) => phase !== 'downloading')).toBe(true);
  }
  const { store, folder } = await open();
  const wrong = await install(store, { from: 'path', path: join(stick, 'model.onnx') });
  expect(wrong.outcome).toMatchObject({ code: 'MODEL_ALTERED' });
  const nothing = await install(store, { from: 'path', path: join(stick, 'nowhere') });
  expect(nothing.outcome).toMatchObject({ code: 'MODEL_UNRECOGNISED' });
  await expect(stat(folder)).rejects.toMatchObject({ code: 'ENOENT' });
});

/** A folder with a model that has its own `model.json`. */
async function own(changes: Record<string, unknown> = {}) {
  const folder = await temporaryFolder();
  await copyFile(join(MODELS, 'starter-2', 'model.onnx'), join(folder, 'model.onnx'));
  const described = { ...entry, id: 'ours', files: [{ path: 'model.onnx' }], ...changes };
  await writeFile(join(folder, 'model.json'), JSON.stringify(described));
  return folder;
}

test("a company's own model is installed by its model.json, its hash noted, and can be removed", async () => {
  const { store, folder, roots } = await open();
  const { outcome } = await install(store, { from: 'path', path: await own() });
  expect(outcome).toMatchObject({ id: 'ours', installed: true, verifiedBy: 'noted', downloadable: false });
  expect((await installedModels(roots)).map(({ entry: { id } }) => id)).toEqual(['ours']);
  await writeFile(join(folder, 'ours', 'model.onnx'), noise(STARTER.length));
  await expect(store.verify('ours')).rejects.toMatchObject({ code: 'MODEL_ALTERED' });
  await store.remove('ours');
  expect((await store.list()).map(({ id }) => id)).toEqual(['shop']);
});

test.each([
  ["an id of the app's own", { id: 'shop' }, 'MODEL_UNRECOGNISED'],
  ['an id that is a path', { id: '../ours' }, 'MANIFEST_INVALID'],
  [
    'a file that is not there',
    { files: [{ path: 'model.onnx' }, { path: 'more.onnx' }] },
    'MODEL_UNRECOGNISED',
  ],
  ['another hash', { files: [{ path: 'model.onnx', sha256: sha256(noise(1)) }] }, 'MODEL_ALTERED'],
  ['another length', { dim: 512 }, 'MODEL_MISMATCH'],
])('a model.json with %s installs nothing', async (_, changes, code) => {
  const { store, folder } = await open();
  const { outcome } = await install(store, { from: 'path', path: await own(changes) });
  expect(outcome).toMatchObject({ code });
  expect(await filesIn(folder).catch(() => [])).toEqual([]);
});

test('the model in use is neither removed nor replaced, and one that came with the app is not removed', async () => {
  let inUse: string | null = null;
  const { store } = await open(entry, async () => inUse);
  await install(store, { from: 'path', path: await own() });
  inUse = 'ours';
  await expect(store.remove('ours')).rejects.toMatchObject({ code: 'MODEL_IN_USE' });
  expect((await install(store, { from: 'path', path: await own() })).outcome).toMatchObject({
    code: 'MODEL_IN_USE',
  });
  const shipped = new ModelStore({
    folder: await temporaryFolder(),
    roots: [MODELS],
    inUse: async () => null,
  });
  await expect(shipped.remove('starter-2')).rejects.toMatchObject({ code: 'MODEL_BUILT_IN' });
});

test('one installation of a model at a time', async () => {
  const server = await FileServer.open(STARTER, stallAfter(1000));
  const { store } = await open();
  await store.setMirror({ url: server.url });
  const pause = new AbortController();
  const first = install(store, network, pause.signal);
  while (server.paths.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  expect((await install(store)).outcome).toMatchObject({ code: 'MODEL_BUSY' });
  pause.abort();
  expect((await first).outcome).toMatchObject({ code: 'CANCELLED' });
});

test('words are optional: a model is installed without their files, and with them understands words', async () => {
  const root = await temporaryFolder();
  const source = await installDualEncoder(root, {});
  const manifest = JSON.parse(await readFile(join(root, 'manifest.json'), 'utf8'));
  const [listed] = manifest.models;
  const { store } = await open(listed);
  const alone = await temporaryFolder();
  await copyFile(join(source, listed.image.file), join(alone, listed.image.file));
  const without = await install(store, { from: 'path', path: alone });
  expect(without.outcome).toMatchObject({ installed: true, words: false });
  const whole = await install(store, { from: 'path', path: source });
  expect(whole.outcome).toMatchObject({ installed: true, words: true });
});

test('a repair that cannot put the new model in place puts the one before back, and goes on later', {
  timeout: 60_000,
}, async () => {
  const server = await FileServer.open(STARTER);
  const { store, folder, roots } = await open();
  await store.setMirror({ url: `${server.url}/` });
  await install(store);
  await truncate(join(folder, 'shop', 'model.onnx'), 1000);
  {
    using held = refuse('rename', /\.installing\/shop > /);
    const { outcome } = await install(store);
    expect(outcome).toMatchObject({ code: 'STORAGE_HELD' });
    expect(held.times).toBeGreaterThan(5);
  }
  expect((await stat(join(folder, 'shop', 'model.onnx'))).size).toBe(1000);
  const asked = server.paths.length;
  {
    // For a moment, as while a virus scanner reads what was written.
    using held = refuse('rename', /shop(\.before)? > /, { most: 6 });
    expect((await install(store)).outcome).toMatchObject({ installed: true, bytesHere: STARTER.length });
    expect(held.times).toBe(6);
  }
  expect(server.paths.length).toBe(asked);

  // Killed between the two moves.
  const before = join(stagingRoot(folder), 'shop.before');
  await mkdir(stagingRoot(folder));
  await rename(join(folder, 'shop'), before);
  expect(await installedModels(roots)).toEqual([]);
  await restoreReplaced(folder);
  expect((await installedModels(roots)).map(({ entry: { id } }) => id)).toEqual(['shop']);
  // Killed after them.
  await mkdir(before, { recursive: true });
  await restoreReplaced(folder);
  expect((await readdir(folder)).sort()).toEqual(['settings.json', 'shop']);
});
