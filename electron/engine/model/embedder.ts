import { join } from 'node:path';
import { LookalikeError } from '../../contract/errors.ts';
import type { ModelInfo, ProviderId } from '../../contract/models.ts';
import type { PriorityGate } from '../work/priority-gate.ts';
import { BulkQueue } from './bulk.ts';
import { hasWords, type LocatedModel, verifyModel } from './files.ts';
import { fits, mismatch, unit } from './graph.ts';
import type { EmbedderEntry } from './manifest.ts';
import { type InferenceSession, loadOnnxRuntime, type OnnxRuntime } from './onnx-runtime.ts';
import { PROVIDER_NAMES, sessionOptions } from './session.ts';
import { WordEncoder } from './words.ts';

interface LoadedParts {
  model: LocatedModel;
  words: boolean;
  weights: string;
  session: InferenceSession;
  provider: ProviderId;
  Tensor: OnnxRuntime['Tensor'];
}

/** A verified model, loaded: pictures and words in, unit vectors out. One per engine (several sessions on threads crash Electron). */
export class Embedder {
  readonly info: ModelInfo;
  /** How the model wants its pixels. */
  readonly pixelSpec: EmbedderEntry['image'];
  readonly providerId: ProviderId;
  /** The name of what runs it. */
  readonly provider: string;
  /** Tells these weights from all others; see `verifyModel`. */
  readonly weights: string;
  readonly #session: InferenceSession;
  readonly #Tensor: OnnxRuntime['Tensor'];
  readonly #model: LocatedModel;
  /** Loaded at the first words, so that nobody's start waits for it. */
  #words: Promise<WordEncoder> | null = null;
  readonly #bulk: BulkQueue;
  /** The last run's input, to be filled again: memory fresh from the system takes longer to come than to be filled. */
  #spare: Float32Array | null = null;

  private constructor(parts: LoadedParts, gate: PriorityGate) {
    const { model, words, weights, session, provider, Tensor } = parts;
    const { entry } = model;
    this.weights = weights;
    this.info = { id: entry.id, name: entry.name, tier: entry.tier, dim: entry.dim, words };
    this.providerId = provider;
    this.provider = PROVIDER_NAMES[provider];
    this.#model = model;
    this.pixelSpec = entry.image;
    this.#session = session;
    this.#bulk = new BulkQueue(gate, (pictures) => this.#run(pictures));
    this.#Tensor = Tensor;
  }

  /**
   * Verifies the model's files, loads them and proves with one run that the graph is what the manifest says.
   * @throws LookalikeError MODEL_MISSING, MODEL_ALTERED, MODEL_MISMATCH, MODEL_OUTPUT_INVALID
   */
  static async load(
    model: LocatedModel,
    gate: PriorityGate,
    provider: ProviderId = 'cpu',
  ): Promise<Embedder> {
    const { entry, folder } = model;
    const weights = await verifyModel(model);
    // Loaded here so that a broken native library fails this call, with a message, and not the engine's start.
    const ort = await loadOnnxRuntime();
    let session: InferenceSession;
    try {
      session = await ort.InferenceSession.create(join(folder, entry.image.file), sessionOptions(provider));
    } catch (cause) {
      throw mismatch(entry, {
        kind: 'not-loaded',
        file: null,
        on: PROVIDER_NAMES[provider],
        said: String(cause),
      });
    }
    checkGraph(entry, session);
    const words = await hasWords(model);
    const embedder = new Embedder({ model, words, weights, session, provider, Tensor: ort.Tensor }, gate);
    const { size } = entry.image;
    await embedder.#run([new Uint8Array(size * size * 3).fill(127)]);
    return embedder;
  }

  /**
   * The unit vector (`info.dim` numbers) of one picture, ahead of all bulk work. Call it inside `gate.interactive`.
   * @param pixels size x size x 3 sRGB bytes, as `pixelSpec` says.
   * @throws LookalikeError MODEL_OUTPUT_INVALID
   */
  async embed(pixels: Uint8Array): Promise<Float32Array> {
    const [embedding] = await this.#run([pixels]);
    if (!embedding) throw new LookalikeError('MODEL_OUTPUT_INVALID');
    return embedding;
  }

  /**
   * The unit vector of words, in the space of the pictures. Only where `info.words`.
   * @throws LookalikeError MODEL_MISSING, MODEL_ALTERED, MODEL_MISMATCH, MODEL_OUTPUT_INVALID
   */
  async embedWords(words: string): Promise<Float32Array> {
    this.#words ??= WordEncoder.load(this.#model);
    // A failed load must be tried again by the next words, not remembered: the files may have been mended.
    this.#words.catch(() => {
      this.#words = null;
    });
    return (await this.#words).encode(words);
  }

  /**
   * What `read` gives, with the vector of its pixels, when nobody is waiting for it. `read` decodes one picture; it is
   * called when it is its turn, and gives way to queries as the model does.
   */
  embedInBulk<P extends { pixels: Uint8Array }>(
    read: () => Promise<P>,
  ): Promise<P & { vector: Float32Array }> {
    return this.#bulk.add(read);
  }

  async close(): Promise<void> {
    const words = await this.#words?.catch(() => null);
    await words?.close();
    await this.#session.release();
  }

  async #run(pictures: Uint8Array[]): Promise<Float32Array[]> {
    const { size, mean, std, input, output } = this.pixelSpec;
    const { dim } = this.info;
    const data = this.#takeSpare(pictures.length * 3 * size * size);
    pictures.forEach((pixels, i) => {
      writePlanes(pixels, data.subarray(i * 3 * size * size, (i + 1) * 3 * size * size), mean, std);
    });
    const tensor = new this.#Tensor('float32', data, [pictures.length, 3, size, size]);
    const answers = await this.#session.run({ [input]: tensor }, [output]).catch((cause: unknown) => {
      throw new LookalikeError('MODEL_OUTPUT_INVALID', { cause });
    });
    this.#spare = data;
    const answer = answers[output];
    if (!answer || !(answer.data instanceof Float32Array) || answer.data.length !== pictures.length * dim) {
      const shape = answer?.dims.join(' x ') ?? null;
      throw mismatch(this.info, { kind: 'gave', shape, wanted: `${pictures.length} x ${dim}` });
    }
    const flat = answer.data;
    return pictures.map((_, i) => unit(flat.slice(i * dim, (i + 1) * dim)));
  }

  /** Taken and not shared: a run that is asked for before another has ended gets memory of its own. */
  #takeSpare(length: number): Float32Array {
    const spare = this.#spare;
    this.#spare = null;
    return spare?.length === length ? spare : new Float32Array(length);
  }
}

function checkGraph(entry: EmbedderEntry, session: InferenceSession): void {
  const { input, output, size } = entry.image;
  const inputs = session.inputMetadata;
  const pixels = inputs.find((meta) => meta.name === input);
  if (!pixels || inputs.length !== 1) {
    throw mismatch(entry, {
      kind: 'inputs',
      of: 'pictures',
      found: [...session.inputNames],
      wanted: [input],
    });
  }
  if (!pixels.isTensor || pixels.type !== 'float32' || !fits(pixels.shape, [null, 3, size, size])) {
    throw mismatch(entry, { kind: 'picture-input', input, size });
  }
  const embeds = session.outputMetadata.find((meta) => meta.name === output);
  if (!embeds) throw mismatch(entry, { kind: 'no-output', output, found: [...session.outputNames] });
  if (!embeds.isTensor || embeds.type !== 'float32' || !fits(embeds.shape, [null, entry.dim])) {
    throw mismatch(entry, { kind: 'output', of: 'pictures', output, dim: entry.dim });
  }
}

/** Interleaved RGB bytes to normalised planes (NCHW): (value / 255 - mean) / std. */
function writePlanes(
  pixels: Uint8Array,
  planes: Float32Array,
  mean: readonly number[],
  std: readonly number[],
): void {
  const count = planes.length / 3;
  if (pixels.length !== planes.length)
    throw new RangeError(`${pixels.length} pixel bytes for ${planes.length}`);
  for (let channel = 0; channel < 3; channel++) {
    const scale = 1 / (255 * (std[channel] ?? 1));
    const shift = -(mean[channel] ?? 0) / (std[channel] ?? 1);
    const offset = channel * count;
    for (let i = 0; i < count; i++) planes[offset + i] = (pixels[i * 3 + channel] ?? 0) * scale + shift;
  }
}
