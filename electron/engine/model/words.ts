import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { z } from 'zod';
import { LookalikeError } from '../../contract/errors.ts';
import { type LocatedModel, verifyModel } from './files.ts';
import { fits, mismatch, unit } from './graph.ts';
import { type EmbedderEntry, textFiles } from './manifest.ts';
import { type InferenceSession, loadOnnxRuntime, type OnnxRuntime, type Tensor } from './onnx-runtime.ts';

const OPTIONS: InferenceSession.SessionOptions = { executionProviders: ['cpu'] };

type TextSpec = NonNullable<EmbedderEntry['text']>;

/** A verified model's text encoder, loaded: turns texts into unit vectors in the pictures' space. */
export class WordEncoder {
  readonly #entry: EmbedderEntry;
  readonly #spec: TextSpec;
  readonly #tokenizer: Tokenizer;
  readonly #session: InferenceSession;
  readonly #Tensor: OnnxRuntime['Tensor'];

  private constructor(
    entry: EmbedderEntry,
    spec: TextSpec,
    tokenizer: Tokenizer,
    session: InferenceSession,
    Tensor: OnnxRuntime['Tensor'],
  ) {
    this.#entry = entry;
    this.#spec = spec;
    this.#tokenizer = tokenizer;
    this.#session = session;
    this.#Tensor = Tensor;
  }

  /**
   * Verifies the files, loads them and proves with one run that they match the manifest.
   * @throws LookalikeError MODEL_MISSING, MODEL_ALTERED, MODEL_MISMATCH, MODEL_OUTPUT_INVALID
   */
  static async load(model: LocatedModel): Promise<WordEncoder> {
    const { entry, folder } = model;
    const spec = entry.text;
    if (!spec) {
      const params = { reason: 'file' as const, name: entry.name, file: 'text' };
      throw new LookalikeError({ code: 'MODEL_MISSING', params }, { item: entry.id });
    }
    await verifyModel(model, textFiles(entry));
    const tokenizer = await readTokenizer(entry, join(folder, spec.tokenizer));
    const ort = await loadOnnxRuntime();
    const session = await ort.InferenceSession.create(join(folder, spec.file), OPTIONS).catch((cause) => {
      throw mismatch(entry, { kind: 'not-loaded', file: spec.file, on: 'CPU', said: String(cause) });
    });
    checkGraph(entry, spec, session);
    const encoder = new WordEncoder(entry, spec, tokenizer, session, ort.Tensor);
    await encoder.encode('red');
    return encoder;
  }

  /**
   * Embeds a text, put into the model's prompt.
   * @returns the unit vector, `entry.dim` numbers
   * @throws LookalikeError MODEL_OUTPUT_INVALID, MODEL_MISMATCH
   */
  async encode(words: string): Promise<Float32Array> {
    const { input, output } = this.#spec;
    const { ids, mask } = this.#tokens(words);
    const integers = (values: readonly number[]) =>
      new this.#Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
    const feeds: Record<string, Tensor> = { [input.ids]: integers(ids) };
    if (input.mask && this.#session.inputNames.includes(input.mask)) feeds[input.mask] = integers(mask);
    const answers = await this.#session.run(feeds, [output]).catch((cause: unknown) => {
      throw new LookalikeError('MODEL_OUTPUT_INVALID', { cause });
    });
    const answer = answers[output];
    if (!answer || !(answer.data instanceof Float32Array) || answer.data.length !== this.#entry.dim) {
      const dims = answer?.dims.join(' x ') ?? null;
      throw mismatch(this.#entry, { kind: 'gave', shape: dims, wanted: String(this.#entry.dim) });
    }
    return unit(answer.data);
  }

  async close(): Promise<void> {
    await this.#session.release();
  }

  /**
   * Token ids and their attention mask: 1 for text, 0 for padding. There are at most `context` of them, and the end token is
   * never cut off.
   */
  #tokens(words: string): { ids: number[]; mask: number[] } {
    const { template, canonical, context, pad } = this.#spec;
    const prompt = template.replace('{}', () => words);
    const { ids } = this.#tokenizer.encode(canonical ? canonicalText(prompt) : prompt);
    const last = ids.at(-1);
    const kept = ids.length > context && last !== undefined ? [...ids.slice(0, context - 1), last] : ids;
    const mask = kept.map(() => 1);
    if (pad === undefined) return { ids: kept, mask };
    const filling = new Array<number>(context - kept.length);
    const padId = this.#tokenizer.token_to_id(pad) ?? 0;
    return { ids: [...kept, ...filling.fill(padId)], mask: [...mask, ...filling.fill(0)] };
  }
}

/** SigLIP's canonical text: lower case, no ASCII punctuation, single spaces (big_vision, `canonicalize_text`). */
function canonicalText(text: string): string {
  return text
    .toLowerCase()
    .replace(/[!-/:-@[-`{-~]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

const tokenizerFile = z.looseObject({ model: z.looseObject({}) });

async function readTokenizer(entry: EmbedderEntry, path: string): Promise<Tokenizer> {
  let tokenizer: Tokenizer;
  try {
    tokenizer = new Tokenizer(tokenizerFile.parse(JSON.parse(await readFile(path, 'utf8'))), {});
  } catch (cause) {
    throw mismatch(entry, { kind: 'tokenizer', said: String(cause) });
  }
  const pad = entry.text?.pad;
  if (pad !== undefined && tokenizer.token_to_id(pad) === undefined) {
    throw mismatch(entry, { kind: 'no-token', token: pad });
  }
  return tokenizer;
}

function checkGraph(
  entry: EmbedderEntry,
  { input, output, context, pad }: TextSpec,
  session: InferenceSession,
) {
  const known = [input.ids, ...(input.mask ? [input.mask] : [])];
  const length = pad === undefined ? null : context;
  const right = session.inputMetadata.every(
    (meta) =>
      known.includes(meta.name) && meta.isTensor && meta.type === 'int64' && fits(meta.shape, [null, length]),
  );
  if (!right || !session.inputNames.includes(input.ids)) {
    const wanted = known.map((name) => `int64 ${name}`);
    throw mismatch(entry, { kind: 'inputs', of: 'words', found: [...session.inputNames], wanted });
  }
  const embeds = session.outputMetadata.find((meta) => meta.name === output);
  if (!embeds?.isTensor || embeds.type !== 'float32' || !fits(embeds.shape, [null, entry.dim])) {
    throw mismatch(entry, { kind: 'output', of: 'words', output, dim: entry.dim });
  }
}
