import { join } from 'node:path';
import { LookalikeError } from '../../contract/errors.ts';
import type { ModelInfo, ProviderId } from '../../contract/models.ts';
import type { PriorityGate } from '../work/priority-gate.ts';
import { BatchQueue, bulkPace, programPace } from './batches.ts';
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
  /** Why there is no graph, where none could be loaded. */
  graph: Graph | LookalikeError;
  provider: ProviderId;
}

interface Graph {
  session: InferenceSession;
  Tensor: OnnxRuntime['Tensor'];
}

/**
 * A verified and loaded model: turns pictures and texts into unit vectors. There is one per engine, because several sessions
 * on threads crash Electron.
 */
export class Embedder {
  readonly info: ModelInfo;
  /** The form of the pixels that the model takes. */
  readonly pixelSpec: EmbedderEntry['image'];
  readonly providerId: ProviderId;
  /** Id of the provider that runs the model. */
  readonly provider: string;
  /** Identifies the model's weights; see `verifyModel`. */
  readonly weights: string;
  readonly #graph: Graph | LookalikeError;
  readonly #model: LocatedModel;
  /** The text encoder. It is loaded at the first text query, so that no start waits for it. */
  #words: Promise<WordEncoder> | null = null;
  readonly #bulk: BatchQueue;
  readonly #ofPrograms: BatchQueue;
  /** The input buffer of the last run, used again: allocating fresh memory takes longer than filling it. */
  #spare: Float32Array | null = null;

  private constructor(parts: LoadedParts, gate: PriorityGate) {
    const { model, words, weights, graph, provider } = parts;
    const { entry } = model;
    this.weights = weights;
    this.info = { id: entry.id, name: entry.name, tier: entry.tier, dim: entry.dim, words };
    this.providerId = provider;
    this.provider = PROVIDER_NAMES[provider];
    this.#model = model;
    this.pixelSpec = entry.image;
    this.#graph = graph;
    const run = (pictures: Uint8Array[]) => this.#run(pictures);
    this.#bulk = new BatchQueue(bulkPace(gate), run);
    this.#ofPrograms = new BatchQueue(programPace(gate), run);
  }

  /**
   * Verifies the model's files, loads them and proves with one run that the graph is what the manifest says.
   * @throws LookalikeError MODEL_MISSING, MODEL_ALTERED, MODEL_MISMATCH, MODEL_LIBRARY_MISSING, MODEL_OUTPUT_INVALID
   */
  static async load(
    model: LocatedModel,
    gate: PriorityGate,
    provider: ProviderId = 'cpu',
  ): Promise<Embedder> {
    const { entry, folder } = model;
    const weights = await verifyModel(model);
    // Loaded here, so that a broken native library fails this call with a message, and does not stop the engine from
    // starting.
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
    const graph = { session, Tensor: ort.Tensor };
    const embedder = new Embedder({ model, words, weights, graph, provider }, gate);
    const { size } = entry.image;
    await embedder.#run([new Uint8Array(size * size * 3).fill(127)]);
    return embedder;
  }

  /**
   * Makes an embedder for a computer where ONNX Runtime cannot be loaded: the catalog of the model opens and is searched by
   * words and codes, and every call that needs the model fails with the reason.
   * @throws LookalikeError MODEL_MISSING, MODEL_ALTERED
   */
  static async withoutLibrary(
    model: LocatedModel,
    gate: PriorityGate,
    reason: LookalikeError,
  ): Promise<Embedder> {
    const weights = await verifyModel(model);
    return new Embedder({ model, words: false, weights, graph: reason, provider: 'cpu' }, gate);
  }

  /**
   * Embeds one picture, ahead of all bulk work. Call it inside `gate.interactive`.
   * @param pixels size x size x 3 sRGB bytes, as `pixelSpec` says
   * @returns the unit vector, `info.dim` numbers
   * @throws LookalikeError MODEL_OUTPUT_INVALID
   */
  async embed(pixels: Uint8Array): Promise<Float32Array> {
    const [embedding] = await this.#run([pixels]);
    if (!embedding) throw new LookalikeError('MODEL_OUTPUT_INVALID');
    return embedding;
  }

  /**
   * Embeds a text into the same space as the pictures. Only when `info.words`.
   * @returns the unit vector
   * @throws LookalikeError MODEL_MISSING, MODEL_ALTERED, MODEL_MISMATCH, MODEL_OUTPUT_INVALID
   */
  async embedWords(words: string): Promise<Float32Array> {
    this.#words ??= WordEncoder.load(this.#model);
    // A failed load is not remembered: the files may have been repaired, so the next text query tries again.
    this.#words.catch(() => {
      this.#words = null;
    });
    return (await this.#words).encode(words);
  }

  /**
   * Embeds a picture that nobody is waiting for. `read` decodes it; it is called when it is this picture's turn, and it
   * gives way to queries as the model does. Resolves with the result of `read` and the vector of its pixels.
   */
  embedInBulk<P extends { pixels: Uint8Array }>(
    read: () => Promise<P>,
  ): Promise<P & { vector: Float32Array }> {
    return this.#bulk.add(read);
  }

  /** Like `embedInBulk`, of a photo that a program waits for: together with those of others, ahead of all bulk work. */
  embedForProgram<P extends { pixels: Uint8Array }>(
    read: () => Promise<P>,
  ): Promise<P & { vector: Float32Array }> {
    return this.#ofPrograms.add(read);
  }

  async close(): Promise<void> {
    const words = await this.#words?.catch(() => null);
    await words?.close();
    if (!(this.#graph instanceof LookalikeError)) await this.#graph.session.release();
  }

  async #run(pictures: Uint8Array[]): Promise<Float32Array[]> {
    if (this.#graph instanceof LookalikeError) throw this.#graph;
    const { session, Tensor } = this.#graph;
    const { size, mean, std, input, output } = this.pixelSpec;
    const { dim } = this.info;
    const data = this.#takeSpare(pictures.length * 3 * size * size);
    pictures.forEach((pixels, i) => {
      writePlanes(pixels, data.subarray(i * 3 * size * size, (i + 1) * 3 * size * size), mean, std);
    });
    const tensor = new Tensor('float32', data, [pictures.length, 3, size, size]);
    const answers = await session.run({ [input]: tensor }, [output]).catch((cause: unknown) => {
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

  /** Takes the buffer out, so that a run that starts before another has ended gets a buffer of its own. */
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

/** Converts interleaved RGB bytes to normalised planes (NCHW): (value / 255 - mean) / std. */
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
