import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LookalikeError } from '../../contract/errors.ts';
import type { Fault } from '../../contract/faults.ts';
import { installedSubjectModels, type LocatedModel, verifyModel } from './files.ts';
import { cutDown, fits, mismatch } from './graph.ts';
import type { SubjectEntry } from './manifest.ts';
import { type InferenceSession, loadOnnxRuntime, type OnnxRuntime } from './onnx-runtime.ts';
import { sessionOptions } from './session.ts';

/**
 * The window draws the first answer while the subject is looked for. On two cores one thread also takes two thirds of the
 * processor time that two take (bench/README.md).
 */
const SPARED = 1;

/** A verified and loaded salient-object model: takes a picture and tells which of its pixels show the subject. */
export class SubjectModel {
  readonly info: { id: string; name: string };
  /** The form of the pixels that the model takes. */
  readonly pixelSpec: SubjectEntry['image'];
  readonly #entry: SubjectEntry;
  readonly #session: InferenceSession;
  readonly #Tensor: OnnxRuntime['Tensor'];

  private constructor(entry: SubjectEntry, session: InferenceSession, Tensor: OnnxRuntime['Tensor']) {
    this.info = { id: entry.id, name: entry.name };
    this.pixelSpec = entry.image;
    this.#entry = entry;
    this.#session = session;
    this.#Tensor = Tensor;
  }

  /** @throws LookalikeError MODEL_MISSING, MODEL_ALTERED, MODEL_MISMATCH */
  static async load(model: LocatedModel<SubjectEntry>): Promise<SubjectModel> {
    const { entry, folder } = model;
    await verifyModel(model);
    const ort = await loadOnnxRuntime();
    const open = async () => {
      const { file, output, size } = entry.image;
      const graph = cutDown(await readFile(join(folder, file)), output, size);
      return ort.InferenceSession.create(graph, sessionOptions('cpu', SPARED));
    };
    const session = await open().catch((cause: unknown) => {
      throw mismatch(entry, { kind: 'not-loaded', file: null, on: 'CPU', said: String(cause) }, cause);
    });
    return new SubjectModel(entry, session, ort.Tensor);
  }

  /**
   * Computes the mask of a picture's subject.
   * @param pixels size x size x 3 sRGB bytes, as `pixelSpec` says
   * @returns size x size numbers, row by row: 0 for background to 1 for the subject
   * @throws LookalikeError MODEL_MISMATCH, MODEL_OUTPUT_INVALID
   */
  async mask(pixels: Uint8Array): Promise<Float32Array> {
    const { size, input, output } = this.pixelSpec;
    const tensor = new this.#Tensor('float32', this.#planes(pixels), [1, 3, size, size]);
    const answers = await this.#session.run({ [input]: tensor }, [output]).catch((cause: unknown) => {
      throw new LookalikeError('MODEL_OUTPUT_INVALID', { cause });
    });
    const mask = answers[output];
    if (!(mask?.data instanceof Float32Array) || !fits(mask.dims, [1, 1, size, size])) {
      throw mismatch(this.#entry, { kind: 'no-mask', output, size });
    }
    return mask.data;
  }

  async close(): Promise<void> {
    await this.#session.release();
  }

  /** Planes of (value / brightest - mean) / std, the normalisation that U-2-Net was trained on. */
  #planes(pixels: Uint8Array): Float32Array {
    const { size, mean, std } = this.pixelSpec;
    const count = size * size;
    let brightest = 1;
    for (let i = 0; i < pixels.length; i++) brightest = Math.max(brightest, pixels[i] ?? 0);
    const planes = new Float32Array(3 * count);
    for (let channel = 0; channel < 3; channel++) {
      const [from, perUnit, less] = [channel * count, 1 / brightest, mean[channel] ?? 0];
      const perDeviation = 1 / (std[channel] ?? 1);
      for (let i = 0; i < count; i++)
        planes[from + i] = ((pixels[i * 3 + channel] ?? 0) * perUnit - less) * perDeviation;
    }
    return planes;
  }
}

/** The subject model of this machine. It is loaded when it is first needed, and then kept. */
export class SubjectModels {
  /** Why no crop is proposed although a subject model is installed; null when there is no such problem. */
  notice: Fault | null = null;
  readonly #roots: string[];
  #loaded: Promise<SubjectModel | null> | null = null;

  /** @param roots folders of models, as for embedders */
  constructor(roots: string[]) {
    this.#roots = roots;
  }

  /** The installed subject model, whether it was loaded or not. */
  async info(): Promise<SubjectModel['info'] | null> {
    const [model] = await installedSubjectModels(this.#roots);
    return model ? { id: model.entry.id, name: model.entry.name } : null;
  }

  /** Null when no subject model is installed, or when the installed one cannot be loaded; `notice` then gives the reason. */
  async get(): Promise<SubjectModel | null> {
    if (this.#loaded) return this.#loaded;
    const [model] = await installedSubjectModels(this.#roots);
    if (!model) return null;
    this.#loaded ??= this.#load(model);
    return this.#loaded;
  }

  async #load(model: LocatedModel<SubjectEntry>): Promise<SubjectModel | null> {
    try {
      const loaded = await SubjectModel.load(model);
      this.notice = null;
      return loaded;
    } catch (error) {
      if (!(error instanceof LookalikeError)) throw error;
      // A failed load is not remembered: the next photo tries again.
      this.#loaded = null;
      // Without the library no model runs, which the status says already.
      if (error.code !== 'MODEL_LIBRARY_MISSING')
        this.notice = { code: 'CROPS_NOT_PROPOSED', params: { because: error.fault } };
      return null;
    }
  }

  async close(): Promise<void> {
    const model = await this.#loaded;
    await model?.close();
  }
}
