import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { json, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { importedCatalog, item, MODELS, range, writeFeed } from '../test-catalog.ts';

const NO_ONNX = new URL('../test-no-library.ts?onnxruntime-node', import.meta.url).href;
const NO_LANCE = new URL('../test-no-library.ts?@lancedb/lancedb-', import.meta.url).href;
const ENGINE = new URL('../open-engine.ts', import.meta.url).href;
const CLI = fileURLToPath(new URL('../../cli.ts', import.meta.url));

const OPENS = `
  const [engineFile, dataDir, modelRoot] = process.argv.slice(1);
  const { openEngine } = await import(engineFile);
  const engine = await openEngine({ dataDir, modelRoots: [modelRoot], sampleFeed: '', fallBack: true });
  await engine.warmUp().catch(() => {});
  const failure = (work) => work.then(() => null, ({ fault }) => fault);
  const photo = { bytes: (await engine.thumbnails([(await engine.product('p1')).thumbnails[0]]))[0].bytes };
  const never = new AbortController().signal;
  const sync = async () => {
    const source = { kind: 'file', path: process.argv[4] };
    for await (const _ of engine.publisher.sync({ source, confirmRemovals: true }, never));
  };
  console.log(JSON.stringify({
    status: await engine.status(),
    photo: await failure(engine.search({ query: { kind: 'photo', photo } })),
    words: (await engine.search({ query: { kind: 'words', words: 'Product 2' } })).results.map((each) => each.productId),
    sync: await failure(sync()),
    snapshot: (await engine.status()).snapshot,
  }));
  await engine.close();
`;

test('without the library that runs models the engine opens, says what to install, and finds products by words', {
  timeout: 60_000,
}, async () => {
  const four = range(4).map((seed) => item(seed));
  const { folder, dataDir } = await importedCatalog(four, range(5));
  await writeFeed(folder, [...four, item(4)]);
  const child = spawn(
    process.execPath,
    [
      '--import',
      NO_ONNX,
      '--input-type=module',
      '-e',
      OPENS,
      ENGINE,
      dataDir,
      MODELS,
      join(folder, 'feed.json'),
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const remedy = process.platform === 'win32' ? 'visual-cpp' : 'reinstall';
  const missing = {
    code: 'MODEL_LIBRARY_MISSING',
    params: { remedy, said: 'The specified module could not be found.' },
  };
  const said = await json(child.stdout);
  expect(said).toMatchObject({
    status: { notices: [missing], snapshot: { products: 4 } },
    photo: missing,
    sync: missing,
    snapshot: { products: 4 },
  });
  expect(said).toHaveProperty('words.0', 'p2');
});

test.each([
  [NO_ONNX, 5, /^lookalike: Photos cannot be searched, because the library/],
  [NO_LANCE, 4, /^lookalike: The catalog cannot be opened, because the library .* module could not be found/],
])(
  'the terminal says it in a sentence and not by a stack trace',
  { timeout: 60_000 },
  async (without, exit, said) => {
    const { dataDir } = await importedCatalog([item(0)], range(1));
    const child = spawn(
      process.execPath,
      ['--import', without, CLI, 'search', '--words', 'coat', '--data', dataDir],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    const [[code], stderr] = await Promise.all([once(child, 'close'), text(child.stderr)]);
    expect(stderr).toMatch(said);
    expect(stderr).not.toContain('    at ');
    expect(code).toBe(exit);
  },
);
