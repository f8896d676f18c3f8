import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { makeTemporaryFolder, removeFolder } from '../../dev/temporary-folder.ts';
import type { PixelSpec } from './model-square.ts';
import { readPixels } from './photo.ts';
import { loadedSharpBuild, loadSharp } from './sharp-build.ts';

const SPEC: PixelSpec = { size: 64, resize: 'cover', kernel: 'cubic' };
const FORMATS = ['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const;

/** Chooses the WebAssembly build, as Electron on Linux does, and decodes the given files. */
const CHILD = `
  const [sharpBuild, photo, spec, ...files] = process.argv.slice(1);
  const { loadSharp, loadedSharpBuild } = await import(sharpBuild);
  const { readPixels } = await import(photo);
  const { readFile } = await import('node:fs/promises');
  await loadSharp('wasm');
  const pixels = [];
  for (const file of files) {
    const picture = await readPixels(await readFile(file), JSON.parse(spec));
    pixels.push(Buffer.from(picture.pixels).toString('base64'));
  }
  console.log(JSON.stringify({ build: await loadedSharpBuild(), pixels }));
  process.exit();
`;
const childAnswer = z.object({ build: z.string(), pixels: z.array(z.string()) });

let folder = '';
beforeAll(async () => {
  folder = await makeTemporaryFolder();
});
afterAll(() => removeFolder(folder));

it('is native outside Electron', async () => {
  expect(await loadedSharpBuild()).toBe('native');
});

it('is found without asking the DNS for the names of open connections', async () => {
  await loadedSharpBuild();
  expect(Reflect.get(process.report, 'excludeNetwork')).toBe(true);
});

it('decodes alike in WebAssembly', async () => {
  const files = await Promise.all(FORMATS.map(write));
  const here = (name: string) => new URL(name, import.meta.url).href;
  const script = ['--input-type=module', '--eval', CHILD];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...script, here('sharp-build.ts'), here('photo.ts'), JSON.stringify(SPEC), ...files],
    { maxBuffer: 16e6 },
  );
  const child = childAnswer.parse(JSON.parse(stdout));
  expect(child.build).toBe('wasm');
  for (const [at, file] of files.entries()) {
    const native = (await readPixels(await readFile(file), SPEC)).pixels;
    const wasm = Buffer.from(child.pixels[at] ?? '', 'base64');
    expect(wasm.length).toBe(native.length);
    expect(Math.max(...native.map((value, i) => Math.abs(value - (wasm[i] ?? 0))))).toBeLessThanOrEqual(4);
  }
});

/** Writes a 300 x 200 picture with detail to disk. */
async function write(format: (typeof FORMATS)[number]): Promise<string> {
  const sharp = await loadSharp();
  const rgb = Uint8Array.from(
    { length: 300 * 200 * 3 },
    (_, at) => 128 + 100 * Math.sin(at / 29 + at / 4000),
  );
  const file = path.join(folder, `photo.${format}`);
  const raw = { width: 300, height: 200, channels: 3 } as const;
  await writeFile(file, await sharp(rgb, { raw })[format]().toBuffer());
  return file;
}
