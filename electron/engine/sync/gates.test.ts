import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { connect } from '@lancedb/lancedb';
import onnxProto from 'onnx-proto';
import { expect, onTestFinished, test, vi } from 'vitest';
import { saying } from '../../cli/test-saying.ts';
import { openEngine } from '../open-engine.ts';
import {
  drawInto,
  drawPicture,
  item,
  openTestEngine,
  range,
  runImport,
  temporaryFolder,
  writeFeed,
} from '../test-catalog.ts';

const { AttributeProto, ModelProto, TensorProto } = onnxProto.onnx;

/** A shop whose picture `held.png` is sent only when the test releases it. */
async function openHoldingShop(products: readonly Record<string, unknown>[]) {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    if (path === '/feed.json') return response.end(JSON.stringify({ version: 1, name: 'Shop', products }));
    if (path === '/held.png') await held;
    return response.end(await drawPicture(Number(/\d+/.exec(path)?.[0] ?? 777)));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const source = { kind: 'url', url: `http://127.0.0.1:${address.port}/feed.json` } as const;
  return { source, release };
}

/** Simulates a failing disk: swaps the staged vectors, so that each is intact and belongs to another picture. */
async function exchangeVectors(catalog: string): Promise<number> {
  const db = await connect(catalog);
  const [name = ''] = (await db.tableNames()).filter((each) => each !== 'snapshots');
  const table = await db.openTable(name);
  // A file of the table exists before the version that contains it.
  const isCommitted = async () => {
    await table.checkoutLatest();
    return (await table.countRows()) > 40;
  };
  await vi.waitUntil(isCommitted, { timeout: 30_000 });
  const rows = await table.query().select(['vector']).toArray();
  const vectors = rows.map(({ vector }) => Buffer.from(Float32Array.from(vector.toArray()).buffer));
  const data = join(catalog, `${name}.lance`, 'data');
  let exchanged = 0;
  for (const file of await readdir(data)) {
    const bytes = await readFile(join(data, file));
    const places = vectors.map((vector) => bytes.indexOf(vector)).filter((place) => place >= 0);
    const [first = Buffer.alloc(0)] = vectors;
    const moved = places.map((_, i) => {
      const from = places[(i + 1) % places.length] ?? 0;
      return Buffer.from(bytes.subarray(from, from + first.length));
    });
    moved.forEach((vector, i) => {
      vector.copy(bytes, places[i]);
    });
    await writeFile(join(data, file), bytes);
    exchanged += places.length;
  }
  return exchanged;
}

test('pictures that the table does not give back are not published, and are made anew by the next sync', async () => {
  const dataDir = await temporaryFolder();
  const engine = await openTestEngine(dataDir);
  const fresh = range(63).map((i) => item(i + 1));
  const shop = await openHoldingShop([...fresh, item(0, { image: 'held.png' })]);
  const catalog = join(dataDir, 'catalog');
  const dataFiles = () => readdir(catalog, { recursive: true }).catch(() => []);

  const refused = expect(runImport(engine, shop.source)).rejects.toMatchObject({
    code: 'GATE_NOT_FOUND',
    item: expect.stringMatching(/^p\d+$/),
    fault: saying(/new picture of p\d+ does not find it.*Nothing was changed/),
  });
  await vi.waitUntil(async () => (await dataFiles()).some((file) => /\/data\/.+\.lance$/.test(file)), {
    timeout: 30_000,
  });
  // The first write is complete. The rest waits for the picture that is held.
  expect(await exchangeVectors(catalog)).toBeGreaterThan(40);
  shop.release();
  await refused;
  expect((await engine.status()).snapshot).toBeNull();

  expect(await runImport(engine, shop.source)).toMatchObject({
    images: { embedded: 64, reused: 0 },
    published: { products: 64 },
  });
  const bytes = await drawPicture(30);
  const { results } = await engine.search({ query: { kind: 'photo', photo: { bytes } }, limit: 1 });
  expect(results).toMatchObject([{ productId: 'p30' }]);
});

/** A model that loads and runs, and gives the same vector for every picture. */
async function installBlindModel(root: string): Promise<void> {
  const FLOAT = TensorProto.DataType.FLOAT;
  const end = (name: string, sizes: (number | string)[]) => ({
    name,
    type: {
      tensorType: {
        elemType: FLOAT,
        shape: {
          dim: sizes.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size })),
        },
      },
    },
  });
  const { INTS, INT } = AttributeProto.AttributeType;
  const bytes = ModelProto.encode({
    irVersion: 8,
    opsetImport: [{ version: 17 }],
    graph: {
      name: 'blind',
      node: [
        {
          opType: 'ReduceMean',
          input: ['pixels'],
          output: ['means'],
          attribute: [
            { name: 'axes', type: INTS, ints: [2, 3] },
            { name: 'keepdims', type: INT, i: 0 },
          ],
        },
        { opType: 'Mul', input: ['means', 'nothing'], output: ['unseen'] },
        { opType: 'Add', input: ['unseen', 'answer'], output: ['embedding'] },
      ],
      input: [end('pixels', ['batch', 3, 32, 32])],
      output: [end('embedding', ['batch', 3])],
      initializer: [
        { name: 'nothing', dims: [3], dataType: FLOAT, floatData: [0, 0, 0] },
        { name: 'answer', dims: [3], dataType: FLOAT, floatData: [1, 2, 3] },
      ],
    },
  }).finish();
  const image = {
    file: 'model.onnx',
    input: 'pixels',
    output: 'embedding',
    size: 32,
    resize: 'cover',
    kernel: 'cubic',
    mean: [0, 0, 0],
    std: [1, 1, 1],
  };
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const files = [{ path: 'model.onnx', bytes: bytes.length, sha256 }];
  const model = { id: 'blind', name: 'Blind', summary: '', licence: 'MIT', dim: 3, image, files };
  await mkdir(join(root, 'blind'), { recursive: true });
  await writeFile(join(root, 'blind', 'model.onnx'), bytes);
  await writeFile(join(root, 'manifest.json'), JSON.stringify({ formatVersion: 1, models: [model] }));
}

test('a model that takes all pictures for one publishes nothing', async () => {
  const folder = await temporaryFolder();
  await installBlindModel(join(folder, 'models'));
  const engine = await openEngine({
    dataDir: join(folder, 'data'),
    modelRoots: [join(folder, 'models')],
    sampleFeed: 'none',
  });
  onTestFinished(() => engine.close());
  await drawInto(folder, range(8));
  const source = await writeFeed(
    folder,
    range(8).map((i) => item(i)),
  );
  for (const _ of ['at first', 'and again']) {
    await expect(runImport(engine, source)).rejects.toMatchObject({
      code: 'GATE_NOT_FOUND',
      fault: { params: { reason: 'all-alike' } },
    });
    expect((await engine.status()).snapshot).toBeNull();
  }
});

test('copies of one picture are published, however many there are', async () => {
  const folder = await temporaryFolder();
  await drawInto(folder, [0]);
  const png = await readFile(join(folder, '0.png'));
  // Bytes after a PNG's end are ignored: the files differ and the picture is the same.
  for (const i of range(12))
    await writeFile(join(folder, `${i + 100}.png`), Buffer.concat([png, Buffer.of(i)]));
  await drawInto(folder, [1]);
  const engine = await openTestEngine(join(folder, 'data'));
  const products = [item(1), ...range(12).map((i) => item(i + 100))];
  const report = await runImport(engine, await writeFeed(folder, products));
  expect(report).toMatchObject({ problems: [], published: { products: 13 } });
});
