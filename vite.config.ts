import { builtinModules } from 'node:module';
import path from 'node:path';
import react from '@vitejs/plugin-react';
import type { EnvironmentOptions } from 'vite';
import { defineConfig } from 'vitest/config';
import packageJson from './package.json' with { type: 'json' };

const root = import.meta.dirname;
const nodeModules = [...builtinModules, ...builtinModules.map((name) => `node:${name}`)];

/**
 * One of the three programs that run on Electron's Node. Everything is bundled except Electron itself and the packages with
 * native code, which are the production dependencies. Node 20 is Electron 33's; the pinned Electron is newer.
 */
function nodeProgram(entry: string, file: string, format: 'es' | 'cjs'): EnvironmentOptions {
  return {
    consumer: 'server',
    // CommonJS packages that are bundled into a module may still use `__filename`.
    ...(format === 'es' && { define: { __filename: 'import.meta.filename' } }),
    resolve: {
      noExternal: true,
      external: ['electron', ...Object.keys(packageJson.dependencies)],
      builtins: nodeModules,
      // Not 'import': a CommonJS package that requires another must get the same file as from Node (yazl does).
      conditions: ['node', 'module'],
    },
    build: {
      outDir: path.join(root, 'dist'),
      // The four builds share dist/.
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      sourcemap: true,
      // electron/dev/third-party-notices.ts reads it and deletes it.
      license: { fileName: `.licenses/${path.parse(file).name}.json` },
      rolldownOptions: {
        input: path.join(root, entry),
        // What is loaded later is named without a hash: the four builds share dist/, which nobody empties.
        output: { format, entryFileNames: file, chunkFileNames: '[name].js' },
      },
    },
  };
}

export default defineConfig({
  root: path.join(root, 'renderer'),
  plugins: [react()],
  builder: {},
  environments: {
    client: {
      build: {
        outDir: path.join(root, 'dist/renderer'),
        emptyOutDir: true,
        target: 'chrome130',
        license: { fileName: '.licenses/page.json' },
        // The page is read from disk, so splitting it into several files would not help.
        chunkSizeWarningLimit: Number.POSITIVE_INFINITY,
      },
    },
    main: nodeProgram('electron/main.ts', 'main.js', 'es'),
    // A sandboxed preload can only be CommonJS.
    preload: nodeProgram('electron/preload.ts', 'preload.cjs', 'cjs'),
    proof: nodeProgram('electron/engine/models/install/prove-process.ts', 'prove.js', 'es'),
    engine: nodeProgram('electron/engine/process.ts', 'engine.js', 'es'),
    server: nodeProgram('electron/server/process.ts', 'server.js', 'es'),
  },
  test: {
    root,
    environment: 'node',
    pool: 'forks',
    // One more than the cores of a machine with two, because several tests wait for child processes and locks.
    maxWorkers: 3,
    // For a busy machine: on a quiet one, the tests' own waits end earlier.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // A CLI that a test starts finds its TypeScript already stripped and compiled, which saves 0.5 s of a core each time.
    env: { NODE_COMPILE_CACHE: path.join(root, 'node_modules/.cache/lookalike-tests') },
    projects: [
      {
        extends: true,
        test: {
          name: 'engine',
          include: ['electron/**/*.test.ts'],
          // These modules keep no state between test files, so one process runs many files: loading LanceDB, ONNX Runtime
          // and sharp again would take 0.5 s of a core for each.
          isolate: false,
        },
      },
      {
        // Separate, because the page's stores are modules and its tests replace the window, while the engine restricts what
        // sharp opens in the whole process, and drawing the sample catalog needs more. Projects run in the order of their
        // names, and files by size: these short ones come last, while a long one of the engine may still be running.
        extends: true,
        test: { name: 'others', include: ['{renderer,models,resources,bench}/**/*.test.{ts,tsx}'] },
      },
    ],
  },
});
