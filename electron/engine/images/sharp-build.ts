import { createRequire, Module } from 'node:module';
import type sharp from 'sharp';
import { z } from 'zod';

export type SharpBuild = 'native' | 'wasm';
export type SharpModule = typeof sharp;

/** The loaders of the formats in `format.ts`; all others (SVG, PDF, ImageMagick and so on) stay shut. */
const LOADERS = ['Jpeg', 'Png', 'Webp', 'Heif', 'Nsgif', 'Tiff'].map(
  (name) => `VipsForeignLoad${name}Buffer`,
);

const report = z.object({ sharedObjects: z.array(z.string()) });

let loading: Promise<{ sharp: SharpModule; build: SharpBuild }> | undefined;

/**
 * Loads sharp when the first picture needs it: the build that is safe in this process, closed to every format but
 * ours. Nothing else may import sharp, because the build must be chosen before the import.
 *
 * @param build only for the test that compares the builds; the first call decides.
 */
export async function loadSharp(build: SharpBuild = safeBuild()): Promise<SharpModule> {
  loading ??= open(build);
  return (await loading).sharp;
}

/** Which build decodes pictures in this process: read from its mapped libraries, not assumed. */
export async function loadedSharpBuild(): Promise<SharpBuild> {
  loading ??= open(safeBuild());
  return (await loading).build;
}

/**
 * Electron on Linux has a GLib of its own in the process, and the second one that comes with native libvips corrupts
 * memory (electron#46323, sharp#4522).
 */
function safeBuild(): SharpBuild {
  return process.versions.electron && process.platform === 'linux' ? 'wasm' : 'native';
}

async function open(build: SharpBuild): Promise<{ sharp: SharpModule; build: SharpBuild }> {
  if (build === 'wasm') hideNativeBuild();
  const { default: sharp } = await import('sharp');
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: LOADERS });
  // Pictures seldom repeat, so remembered operations only hold memory; and several pictures at a time on one thread
  // each beat one picture on several.
  sharp.cache(false);
  sharp.concurrency(1);
  return { sharp, build: mappedBuild() };
}

/**
 * sharp asks for its native package first and takes WebAssembly when it gets nothing, so nothing is what it finds in
 * the module cache. (That cache is a public interface and the same in every Node; hooks into resolution are neither.)
 */
function hideNativeBuild(): void {
  const asSharp = createRequire(createRequire(import.meta.url).resolve('sharp'));
  for (const libc of ['', 'musl']) {
    try {
      const native = asSharp.resolve(`@img/sharp-linux${libc}-${process.arch}/sharp.node`);
      asSharp.cache[native] = Object.assign(new Module(native), { exports: null, loaded: true });
    } catch {
      // Not installed, so there is nothing to hide.
    }
  }
}

function mappedBuild(): SharpBuild {
  // Otherwise the report names the other end of every open connection, which takes look-ups in the DNS. (Since Node 20.13; @types/node does not know it.)
  Object.assign(process.report, { excludeNetwork: true });
  const { sharedObjects } = report.parse(process.report.getReport());
  return sharedObjects.some((path) => /libvips|[\\/]sharp-[^\\/]*\.node$/.test(path)) ? 'native' : 'wasm';
}
