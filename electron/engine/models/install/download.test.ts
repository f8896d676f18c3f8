import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { saying } from '../../../cli/test-saying.ts';
import { HttpClient } from '../../net/client.ts';
import { temporaryFolder } from '../../test-catalog.ts';
import { type DownloadPatience, download as fetchFile, type Landed, type RemoteFile } from './download.ts';
import {
  type Behaviour,
  cutAfter,
  FileServer,
  gitBlob,
  ignoreIfRange,
  ignoreRange,
  noise,
  page,
  redirect,
  refuse,
  sha256,
  stallAfter,
} from './test-server.ts';

const quick: DownloadPatience = {
  tries: 4,
  progressBytes: 100_000,
  backoffMs: 10,
  longestWaitMs: 3000,
  idleMs: 300,
};
const FILE = noise(300_000);
const OTHER = noise(300_000, 7);
const HALF = FILE.length / 2;
const PINNED = { bytes: FILE.length, sha256: sha256(FILE) };

/** Downloads from the server. Returns the result or the error, and the bytes at the path afterwards. */
async function download(
  server: FileServer,
  file: Partial<RemoteFile> = PINNED,
  folder?: string,
  signal = new AbortController().signal,
) {
  const path = join(folder ?? (await temporaryFolder()), 'model.onnx.part');
  const client = new HttpClient();
  onTestFinished(() => client.close());
  const remote = { url: `${server.url}/model.onnx`, ownHost: new URL(server.url).host, ...file };
  const told: number[] = [];
  const watcher = { resumed: (here: number) => told.push(here), came: (here: number) => told.push(here) };
  const outcome: Landed | unknown = await fetchFile(remote, path, watcher, signal, {
    patience: quick,
    client,
  }).catch((error: unknown) => error);
  const bytes = await readFile(path).catch(() => Buffer.alloc(0));
  return { outcome, bytes, path, told };
}

const landed = { sha256: sha256(FILE), by: 'manifest' };
const failed = (sentence: string) => ({
  code: 'MODEL_DOWNLOAD_FAILED',
  fault: saying(sentence),
});

test('a file comes whole, is verified, and is told of byte by byte', async () => {
  const server = await FileServer.open(FILE);
  const { outcome, bytes, told } = await download(server);
  expect(outcome).toEqual(landed);
  expect(bytes.equals(FILE)).toBe(true);
  expect([told[0], told.at(-1)]).toEqual([0, FILE.length]);
  expect(told).toEqual([...told].sort((a, b) => a - b));
});

test.each<[string, Behaviour]>([
  ['is cut', cutAfter(HALF)],
  ['stalls', stallAfter(HALF)],
])('an answer that %s half way is gone on with, and no byte is sent twice', async (_, behaviour) => {
  const server = await FileServer.open(FILE, behaviour);
  const { outcome, bytes } = await download(server);
  expect(outcome).toEqual(landed);
  expect(bytes.equals(FILE)).toBe(true);
  expect(server.ranges).toEqual([null, `bytes=${HALF}-`]);
  expect(server.sent).toBe(FILE.length);
});

test('a line that is cut again and again gets there, as long as each try brings something', async () => {
  const server = await FileServer.open(
    noise(1_000_000),
    ...Array.from({ length: 9 }, () => cutAfter(100_000)),
  );
  const { outcome } = await download(server, { sha256: sha256(server.bytes) });
  expect(outcome).toMatchObject({ by: 'manifest' });
  expect(server.ranges.length).toBe(10);
  expect(server.sent).toBe(1_000_000);
});

test('a server that drips is given up, and what it sent is kept', async () => {
  const server = await FileServer.open(FILE, ...Array.from({ length: 9 }, () => cutAfter(10)));
  const { outcome, bytes } = await download(server);
  expect(outcome).toMatchObject(failed('What was downloaded is kept'));
  expect(server.ranges.length).toBe(4);
  expect(bytes.length).toBe(40);
});

test('a second call goes on where the first was stopped, and stopping is no failure', async () => {
  const folder = await temporaryFolder();
  const stop = new AbortController();
  const server = await FileServer.open(FILE, (request, answer, on) =>
    on.send(answer, on.begin(request, answer).subarray(0, HALF), () => setTimeout(() => stop.abort(), 100)),
  );
  const first = await download(server, PINNED, folder, stop.signal);
  expect(first.outcome).toMatchObject({ code: 'CANCELLED' });
  expect(first.bytes.length).toBe(HALF);
  const { outcome, told } = await download(server, PINNED, folder);
  expect(outcome).toEqual(landed);
  expect(told[0]).toBe(HALF);
  expect(server.sent).toBe(FILE.length);
});

test.each<[string, Behaviour[]]>([
  ['which is noticed by If-Range', []],
  ['which a server that ignores If-Range tells by its ETag', [ignoreIfRange]],
])('a file that changes half way begins anew, %s', async (_, behaviours) => {
  const server = await FileServer.open(
    OTHER,
    (request, answer, on) =>
      on.send(answer, on.begin(request, answer).subarray(0, HALF), () => {
        on.bytes = FILE;
        on.etag = '"two"';
        setTimeout(() => answer.destroy(), 50);
      }),
    ...behaviours,
  );
  const { outcome, bytes } = await download(server);
  expect(outcome).toEqual(landed);
  expect(bytes.equals(FILE)).toBe(true);
});

test('a file that changes half way without its ETag changing is noticed by its hash, and comes anew', async () => {
  const server = await FileServer.open(OTHER, (request, answer, on) =>
    on.send(answer, on.begin(request, answer).subarray(0, HALF), () => {
      on.bytes = FILE;
      setTimeout(() => answer.destroy(), 50);
    }),
  );
  const { outcome, bytes } = await download(server);
  expect(outcome).toEqual(landed);
  expect(bytes.equals(FILE)).toBe(true);
  expect(server.ranges).toEqual([null, `bytes=${HALF}-`, null]);
});

test('a part that was damaged on the disk is noticed by its hash, and comes anew', async () => {
  const folder = await temporaryFolder();
  const server = await FileServer.open(FILE, cutAfter(HALF), refuse(404));
  const { path, bytes } = await download(server, PINNED, folder);
  bytes.fill(0, 10, 20);
  await writeFile(path, bytes);
  expect(await download(server, PINNED, folder)).toMatchObject({ outcome: landed });
});

test('a server that ignores Range sends it all again', async () => {
  const server = await FileServer.open(FILE, cutAfter(HALF), ignoreRange);
  const { outcome, bytes } = await download(server);
  expect(outcome).toEqual(landed);
  expect(bytes.equals(FILE)).toBe(true);
});

test.each<[string, Behaviour[], string]>([
  ['a page to sign in', [page], 'sent a web page'],
  ['404', [refuse(404)], '404'],
  ['403', [refuse(403)], '403'],
  ['a redirect to nowhere', [refuse(302)], 'redirects to nowhere'],
  ['a redirect to a file', [redirect('file:///etc/passwd')], 'redirects to "file:"'],
  ['429 that asks for too long a wait', [refuse(429, { 'retry-after': '86400' })], '429'],
])('%s is not asked again, and what is here is kept', async (_, behaviours, said) => {
  const folder = await temporaryFolder();
  const server = await FileServer.open(FILE, cutAfter(HALF), refuse(404));
  await download(server, PINNED, folder);
  server.next = behaviours;
  const { outcome, bytes } = await download(server, PINNED, folder);
  expect(outcome).toMatchObject(failed(said));
  expect(bytes.equals(FILE.subarray(0, HALF))).toBe(true);
  expect(server.ranges.length).toBe(3);
  expect(await download(server, PINNED, folder)).toMatchObject({ outcome: landed });
  expect(server.sent).toBe(FILE.length);
});

test('503 and 429 are asked again, as late as they say; 503 for ever is given up', async () => {
  const server = await FileServer.open(FILE, refuse(503), refuse(429, { 'retry-after': '1' }));
  const before = performance.now();
  expect((await download(server)).outcome).toEqual(landed);
  expect(performance.now() - before).toBeGreaterThanOrEqual(1000);
  server.next = Array.from({ length: 9 }, () => refuse(503));
  expect((await download(server)).outcome).toMatchObject(failed('503'));
  expect(server.ranges.length).toBe(3 + quick.tries);
});

test.each<[string, Uint8Array, Partial<RemoteFile>]>([
  ['other bytes of the same size', OTHER, PINNED],
  ['other bytes of any size', OTHER.subarray(1), { sha256: PINNED.sha256 }],
])('%s are thrown away, and the server is not asked again', async (_, bytes, file) => {
  const server = await FileServer.open(bytes);
  const { outcome, bytes: left } = await download(server, file);
  expect(outcome).toMatchObject(failed('is not the file it should be'));
  expect(left.length).toBe(0);
  expect(server.ranges).toEqual([null]);
});

test('a file of another size is not even begun', async () => {
  const server = await FileServer.open(OTHER.subarray(1));
  const { outcome, bytes } = await download(server);
  expect(outcome).toMatchObject(failed('299999 bytes where 300000 are listed'));
  expect(bytes.length).toBe(0);
});

test('a file that never ends is left', async () => {
  const server = await FileServer.open(FILE, (_, answer) => {
    answer.writeHead(200, { etag: '"one"' });
    const timer = setInterval(() => answer.write(FILE), 5);
    answer.once('close', () => clearInterval(timer));
  });
  const { outcome, bytes } = await download(server);
  expect(outcome).toMatchObject(failed('is not the file it should be'));
  expect(bytes.length).toBe(0);
});

test('a file too large for the disk is not begun', async () => {
  const enormous: Behaviour = (_, answer) => {
    answer.writeHead(200, { 'content-length': 1e15, etag: '"one"' });
    answer.write('x');
  };
  const server = await FileServer.open(FILE, enormous);
  const { outcome } = await download(server, { ...PINNED, bytes: 1e15 });
  expect(outcome).toMatchObject({ code: 'MODEL_SPACE', fault: saying('free') });
});

test.each<[string, Record<string, string>]>([
  ["a hub's linked ETag", { 'x-linked-etag': `"${sha256(FILE)}"` }],
  ['an ETag that is a sha256', { etag: `"${sha256(FILE)}"` }],
  ["git's name of a small file", { etag: `"${gitBlob(FILE)}"` }],
])('where no hash is listed, %s is what the bytes are checked against', async (_, headers) => {
  const server = await FileServer.open(FILE);
  server.headers = headers;
  expect((await download(server, {})).outcome).toEqual({ sha256: sha256(FILE), by: 'hub' });
  server.bytes = OTHER;
  const { outcome, bytes } = await download(server, {});
  expect(outcome).toMatchObject(failed('is not the file it should be'));
  expect(bytes.length).toBe(0);
});

test('the linked ETag comes with a redirect, and is remembered for the rest of the file', async () => {
  const linked = { 'x-linked-etag': `"${sha256(FILE)}"` };
  const server = await FileServer.open(
    FILE,
    redirect('/cdn/file', linked),
    cutAfter(HALF),
    redirect('/cdn/file'),
  );
  expect((await download(server, {})).outcome).toEqual({ sha256: sha256(FILE), by: 'hub' });
  expect(server.paths).toEqual(['/model.onnx', '/cdn/file', '/model.onnx', '/cdn/file']);
});

test('where nothing says which bytes are right, none is taken', async () => {
  const server = await FileServer.open(FILE);
  const { outcome, bytes, path } = await download(server, {});
  expect(outcome).toMatchObject({ code: 'MODEL_UNVERIFIABLE' });
  expect(bytes.length).toBe(0);
  expect(await readdir(join(path, '..'))).toEqual([]);
});

test('an address of this machine is refused unless it is the mirror, also behind a redirect', async () => {
  const [server, elsewhere] = [await FileServer.open(FILE), await FileServer.open(FILE)];
  const refused = { code: 'ADDRESS_REFUSED' };
  expect((await download(server, { ...PINNED, ownHost: null })).outcome).toMatchObject(refused);
  server.next = [redirect(`${elsewhere.url}/model.onnx`)];
  expect((await download(server)).outcome).toMatchObject(refused);
  expect([server.sent, elsewhere.sent]).toEqual([0, 0]);
});

test('redirects in a circle end', async () => {
  const circle: Behaviour[] = Array.from({ length: 20 }, () => redirect('/again'));
  const server = await FileServer.open(FILE, ...circle);
  expect((await download(server)).outcome).toMatchObject(failed('redirects more than 10 times'));
});
