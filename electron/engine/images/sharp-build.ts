import { createRequire, Module } from 'node:module';
import type sharp from 'sharp';
import { z } from 'zod';

export type SharpBuild = 'native' | 'wasm';
export type SharpModule = typeof sharp;

/** The loaders of the formats in `format.ts`; all others (SVG, PDF, ImageMagick and so on) stay disabled. */
const LOADERS = ['Jpeg', 'Png', 'Webp', 'Heif', 'Nsgif', 'Tiff'].map(
  (name) => `VipsForeignLoad${name}Buffer`,
);

const report = z.object({ sharedObjects: z.array(z.string()) });

let loading: Promise<{ sharp: SharpModule; build: SharpBuild }> | undefined;

/**
 * Loads sharp when the first picture needs it: the build that is safe in this process, with only our formats enabled. No
 * other file may import sharp, because the build must be chosen before the import.
 * @param build only for the test that compares the builds; the first call decides
 */
export async function loadSharp(build: SharpBuild = safeBuild()): Promise<SharpModule> {
  loading ??= open(build);
  return (await loading).sharp;
}

/** Which build decodes pictures in this process, determined from the libraries mapped into it. */
export async function loadedSharpBuild(): Promise<SharpBuild> {
  loading ??= open(safeBuild());
  return (await loading).build;
}

/**
 * Electron on Linux has its own GLib in the process. The second GLib that native libvips brings corrupts memory
 * (electron#46323, sharp#4522).
 */
function safeBuild(): SharpBuild {
  return process.versions.electron && process.platform === 'linux' ? 'wasm' : 'native';
}

async function open(build: SharpBuild): Promise<{ sharp: SharpModule; build: SharpBuild }> {
  if (build === 'wasm') hideNativeBuild();
  const { default: sharp } = await import('sharp');
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: LOADERS });
  // Pictures seldom repeat, so caching operations only takes memory. Several pictures at once with one thread each are
  // faster than one picture with several threads.
  sharp.cache(false);
  sharp.concurrency(1);
  return { sharp, build: mappedBuild() };
}

/**
 * sharp requires its native package first and falls back to WebAssembly when it gets nothing. An empty module in the module
 * cache has this effect. (The cache is a public interface and the same in every Node; hooks into module resolution are
 * neither.)
 */
function hideNativeBuild(): void {
  const asSharp = createRequire(createRequire(import.meta.url).resolve('sharp'));
  for (const libc of ['', 'musl']) {
    try {
      const native = asSharp.resolve(`@img/sharp-linux${libc}-${process.arch}/sharp.node`);
      asSharp.cache[native] = Object.assign(new Module(native), { exports: null, loaded: true });
    } catch {
      // The native package is not installed, so nothing has to be hidden.
    }
  }
}

function mappedBuild(): SharpBuild {
  // Otherwise the report names the remote host of every open connection, which takes DNS look-ups. (Since Node 20.13;
  // missing in @types/node.)
  Object.assign(process.report, { excludeNetwork: true });
  const { sharedObjects } = report.parse(process.report.getReport());
  return sharedObjects.some((path) => /libvips|[\\/]sharp-[^\\/]*\.node$/.test(path)) ? 'native' : 'wasm';
}
