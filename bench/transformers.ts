import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readPixels } from '../electron/engine/images/photo.ts';
import { Embedder } from '../electron/engine/model/embedder.ts';
import { loadOnnxRuntime } from '../electron/engine/model/onnx-runtime.ts';
import { PriorityGate } from '../electron/engine/work/priority-gate.ts';
import { type Figure, median } from './figures.ts';
import type { BenchModel } from './model.ts';
import type { Setting } from './setting.ts';

const IMAGES = 40;
const WARM_UP = 5;
const BATCH = 8;
const BATCHES = 8;
/** ONNX Runtime's idle threads spin after a run, by default for long, and must not slow down the other library's run. */
const PAUSE_MS = 500;

/** Turns pictures (JPEG bytes) into vectors. */
type Embed = (pictures: Uint8Array<ArrayBuffer>[]) => Promise<Float32Array[]>;

/** From a JPEG's bytes to its vector with the same ONNX file, by this app and by Hugging Face's Transformers.js. */
export async function measureTransformers({ model, photos, scratch }: Setting): Promise<Figure[]> {
  if (model.entry.id !== 'vit-b32-shape') {
    console.error('Transformers.js is measured with the full-size graph only.');
    return [];
  }
  const embedder = await Embedder.load(model, new PriorityGate());
  const [ours, theirs] = [ownEmbed(embedder), await theirEmbed(model, scratch)];
  const spent: Record<'one' | 'batch', { ours: number[]; theirs: number[] }> = {
    one: { ours: [], theirs: [] },
    batch: { ours: [], theirs: [] },
  };
  const alternate = async (kind: 'one' | 'batch', count: number, n: number) => {
    const pictures = await Promise.all(
      Array.from({ length: count }, (_, i) => photos.jpeg(80_000 + n * BATCH + i)),
    );
    const [a, own] = await timed(ours, pictures);
    const [b, other] = await timed(theirs, pictures);
    for (const [i, vector] of own.entries()) checkAlike(vector, other[i]);
    if (n < 0) return;
    spent[kind].ours.push(a / count);
    spent[kind].theirs.push(b / count);
  };
  for (let n = -WARM_UP; n < IMAGES; n++) await alternate('one', 1, n);
  for (let n = -1; n < BATCHES; n++) await alternate('batch', BATCH, n);
  await embedder.close();
  const figure = (name: string, { ours, theirs }: { ours: number[]; theirs: number[] }): Figure => ({
    name,
    value: median(ours),
    unit: 'ms',
    baseline: { name: 'Transformers.js', value: median(theirs) },
    target: { atMost: 1 },
  });
  return [
    figure('embedding of one picture', spent.one),
    figure(`embedding, each of ${BATCH} together`, spent.batch),
  ];
}

function ownEmbed(embedder: Embedder): Embed {
  return async (pictures) => {
    const [only, ...others] = pictures;
    if (only && others.length === 0) {
      return [await embedder.embed((await readPixels(only, embedder.pixelSpec)).pixels)];
    }
    const embedded = pictures.map((bytes) =>
      embedder.embedInBulk(() => readPixels(bytes, embedder.pixelSpec)),
    );
    return (await Promise.all(embedded)).map(({ vector }) => vector);
  };
}

async function theirEmbed({ entry, folder }: BenchModel, scratch: string): Promise<Embed> {
  // Transformers.js loads ONNX Runtime itself, and its telemetry must be off before that.
  await loadOnnxRuntime();
  const { AutoProcessor, CLIPVisionModelWithProjection, env, RawImage } = await import(
    '@huggingface/transformers'
  );
  // Their layout of a model: a folder with the configuration beside the graph.
  const name = 'transformers-model';
  const onnx = join(scratch, name, 'onnx');
  await mkdir(onnx, { recursive: true });
  for (const { path } of entry.files) await symlink(join(folder, path), join(onnx, path));
  const { size, mean, std } = entry.image;
  await writeFile(join(scratch, name, 'config.json'), JSON.stringify({ model_type: 'clip_vision_model' }));
  const preprocessor = {
    image_processor_type: 'CLIPImageProcessor',
    feature_extractor_type: 'CLIPFeatureExtractor',
    do_convert_rgb: true,
    do_resize: true,
    size: { shortest_edge: size },
    resample: 3,
    do_center_crop: true,
    crop_size: { height: size, width: size },
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: true,
    image_mean: mean,
    image_std: std,
  };
  await writeFile(join(scratch, name, 'preprocessor_config.json'), JSON.stringify(preprocessor));
  Object.assign(env, { allowRemoteModels: false, localModelPath: scratch });
  const processor = await AutoProcessor.from_pretrained(name);
  const model = await CLIPVisionModelWithProjection.from_pretrained(name, { dtype: 'fp32', device: 'cpu' });
  return async (pictures) => {
    const images = await Promise.all(
      pictures.map((bytes) => RawImage.fromBlob(new Blob([bytes], { type: 'image/jpeg' }))),
    );
    const { image_embeds } = await model(await processor(images));
    return image_embeds.normalize().tolist();
  };
}

async function timed(
  embed: Embed,
  pictures: Uint8Array<ArrayBuffer>[],
): Promise<[ms: number, vectors: Float32Array[]]> {
  await sleep(PAUSE_MS);
  const began = performance.now();
  const vectors = await embed(pictures);
  return [performance.now() - began, vectors];
}

/** The comparison is worthless when the two do not compute the same. */
function checkAlike(ours: Float32Array, theirs: ArrayLike<number> | undefined): void {
  const cosine = ours.reduce((sum, value, i) => sum + value * (theirs?.[i] ?? 0), 0);
  if (cosine < 0.99) throw new Error(`The two give different vectors: cosine ${cosine.toFixed(4)}.`);
}
