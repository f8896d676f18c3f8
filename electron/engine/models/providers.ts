import { z } from 'zod';
import { LookalikeError } from '../../contract/errors.ts';
import { type Fault, fault } from '../../contract/faults.ts';
import { type ProviderId, type ProviderState, providerId } from '../../contract/models.ts';
import { dataFolder } from '../files/data-folder.ts';
import { JsonFile } from '../files/json-file.ts';
import { isRunning } from '../files/process-id.ts';
import { Embedder } from '../model/embedder.ts';
import type { LocatedModel } from '../model/files.ts';
import { offeredProviders, PROVIDER_NAMES } from '../model/session.ts';
import type { PriorityGate } from '../work/priority-gate.ts';

/**
 * The least cosine of a provider's vector and the processor's. Rounding to 16 bits, as graphics processors may do, costs far
 * less. Even what a thumbnail's compression costs (0.98 in models/README.md) changes no rank.
 */
const SAME_VECTOR = 0.999;
const TIMED_RUNS = 10;
/** Deaths in a row that a provider which has worked before is blamed for. */
const DEATHS_TO_BLAME = 2;

const trial = z.object({
  worked: z.boolean(),
  /** Why the provider did not work. Older files have a sentence as `detail` instead. */
  fault: fault.nullable().catch(null),
  /** Median. */
  msPerImage: z.number().nullable(),
  /** The weights that the provider was tried with. */
  weights: z.string(),
});
type Trial = z.infer<typeof trial>;

const remembered = z.object({
  /** The chosen provider. */
  chosen: providerId,
  /** Written before a provider is loaded and removed afterwards. If the provider crashes the process, the marker stays. */
  trying: z.object({ provider: providerId, pid: z.int() }).nullable(),
  /** How many processes in a row died while a provider was loaded that had worked before. */
  deaths: z.int().default(0),
  tried: z.partialRecord(providerId, trial),
});
type Remembered = z.infer<typeof remembered>;

/**
 * The provider that runs models: the processor, unless another provider was chosen whose vectors were those of the processor
 * when it was tried. A driver can crash the process, so the provider is noted before it is loaded. After such a crash the
 * processor is used.
 */
export class Providers {
  /** Why the chosen provider is not used; null when it is. */
  notice: Fault | null = null;
  /** The fault when the file of providers was damaged. */
  readonly fault: Fault | null;
  readonly #file: JsonFile<Remembered>;
  readonly #gate: PriorityGate;
  /** Another process is trying a provider now. */
  #triedElsewhere = false;

  private constructor(file: JsonFile<Remembered>, gate: PriorityGate, fault: Fault | null) {
    this.fault = fault;
    this.#file = file;
    this.#gate = gate;
  }

  static async open(dataDir: string, gate: PriorityGate): Promise<Providers> {
    const path = dataFolder.providers(dataDir);
    const empty: Remembered = { chosen: 'cpu', trying: null, deaths: 0, tried: {} };
    const { file, fault } = await JsonFile.openAnyway(path, remembered, empty, 'providers');
    const providers = new Providers(file, gate, fault);
    await providers.#lookAtMarker();
    return providers;
  }

  /** @param inUse the embedder in use */
  async list(inUse: Embedder): Promise<ProviderState[]> {
    return (await offeredProviders()).map((id) => {
      const tried = this.#file.value.tried[id];
      const failed = tried?.worked === false;
      return {
        id,
        name: PROVIDER_NAMES[id],
        state: id === inUse.providerId ? 'in use' : failed ? 'failed' : 'offered',
        fault: tried?.fault ?? null,
        msPerImage: tried?.weights === inUse.weights ? tried.msPerImage : null,
      };
    });
  }

  /**
   * Loads a model with the chosen provider, or with the processor and a notice when that does not work.
   * @throws LookalikeError MODEL_*
   */
  async load(model: LocatedModel): Promise<Embedder> {
    const { chosen } = this.#file.value;
    if (chosen !== 'cpu' && !this.#triedElsewhere) {
      try {
        return await this.#try(chosen, model, null);
      } catch (error) {
        if (isOfTheModel(error)) throw error;
        this.notice = dropped(chosen, faultOf(error));
        // A disk that is full now is no reason to leave the provider for good.
        if (!isOfTheDisk(error)) await this.#noteIfPossible({ chosen: 'cpu' });
      }
    }
    return Embedder.load(model, this.#gate);
  }

  /** See `Embedder.withoutLibrary`. */
  loadWithoutLibrary(model: LocatedModel, reason: LookalikeError): Promise<Embedder> {
    return Embedder.withoutLibrary(model, this.#gate, reason);
  }

  /**
   * Tries a provider with the model in use, and chooses it if its vectors are those of the processor.
   * @returns the embedder to use: `inUse` itself when the provider failed, which `list` then reports
   * @throws LookalikeError MODEL_*, STORAGE_FAILED
   */
  async choose(id: ProviderId, model: LocatedModel, inUse: Embedder): Promise<Embedder> {
    if (id === inUse.providerId) return inUse;
    let chosen = inUse;
    try {
      if (id === 'cpu') chosen = await Embedder.load(model, this.#gate);
      else if ((await offeredProviders()).includes(id)) chosen = await this.#try(id, model, inUse);
    } catch (error) {
      if (id === 'cpu' || isOfTheModel(error) || isOfTheDisk(error)) throw error;
    }
    if (chosen !== inUse) {
      this.notice = null;
      await this.#note({ chosen: id });
    }
    return chosen;
  }

  /**
   * Loads a model with a provider, and compares its vectors with the processor's unless that was done with these weights.
   * Nothing is tried unless the marker can be written. A result that cannot be written is found again by the next process.
   * @throws LookalikeError STORAGE_*, PROVIDER_DIFFERS, MODEL_*
   */
  async #try(id: ProviderId, model: LocatedModel, inUse: Embedder | null): Promise<Embedder> {
    await this.#note({ trying: { provider: id, pid: process.pid } });
    let embedder: Embedder | null = null;
    try {
      embedder = await Embedder.load(model, this.#gate, id);
      const before = this.#file.value.tried[id];
      if (inUse || !before?.worked || before.weights !== embedder.weights) {
        const cpu = inUse?.providerId === 'cpu' ? inUse : await Embedder.load(model, this.#gate);
        const { weights } = cpu;
        const times = await this.#compare(embedder, cpu).finally(() => (cpu === inUse ? null : cpu.close()));
        await this.#noteTrial(id, { worked: true, fault: null, msPerImage: times.here, weights });
        await this.#noteTrial('cpu', { worked: true, fault: null, msPerImage: times.cpu, weights });
      }
      return embedder;
    } catch (error) {
      await embedder?.close();
      if (!isOfTheModel(error)) {
        await this.#noteTrial(id, { worked: false, fault: faultOf(error), msPerImage: null, weights: '' });
      }
      throw error;
    } finally {
      await this.#noteIfPossible({ trying: null, deaths: 0 });
    }
  }

  /**
   * Compares the vectors of a provider with the processor's.
   * @returns median milliseconds per picture of both
   * @throws LookalikeError PROVIDER_DIFFERS
   */
  async #compare(embedder: Embedder, cpu: Embedder): Promise<{ here: number; cpu: number }> {
    const times: { here: number[]; cpu: number[] } = { here: [], cpu: [] };
    for (let run = 0; run < TIMED_RUNS; run++) {
      const picture = testPicture(embedder.pixelSpec.size, run);
      const [here, expected] = [
        await this.#timed(embedder, picture, times.here),
        await this.#timed(cpu, picture, times.cpu),
      ];
      const likeness = here.reduce((sum, value, i) => sum + value * (expected[i] ?? 0), 0);
      if (likeness < SAME_VECTOR) {
        throw new LookalikeError({ code: 'PROVIDER_DIFFERS', params: { similarity: likeness } });
      }
    }
    return { here: median(times.here), cpu: median(times.cpu) };
  }

  async #timed(embedder: Embedder, picture: Uint8Array, times: number[]): Promise<Float32Array> {
    await this.#gate.bulk();
    const began = performance.now();
    const vector = await embedder.embed(picture);
    times.push(performance.now() - began);
    return vector;
  }

  /**
   * Checks the marker. When the process that wrote it no longer runs, that process has died while the provider was loaded.
   * A provider that has worked before is not blamed for the first death: the person may have logged off.
   */
  async #lookAtMarker(): Promise<void> {
    const { trying } = this.#file.value;
    if (!trying) return;
    this.#triedElsewhere = trying.pid !== process.pid && isRunning(trying.pid);
    if (this.#triedElsewhere) return;
    const deaths = this.#file.value.deaths + 1;
    if (this.#file.value.tried[trying.provider]?.worked && deaths < DEATHS_TO_BLAME) {
      await this.#noteIfPossible({ trying: null, deaths });
      return;
    }
    const fault: Fault = { code: 'PROVIDER_CRASHED', params: {} };
    await this.#noteTrial(trying.provider, { worked: false, fault, msPerImage: null, weights: '' });
    await this.#noteIfPossible({ chosen: 'cpu', trying: null, deaths: 0 });
    this.notice = dropped(trying.provider, fault);
  }

  #noteTrial(id: ProviderId, trial: Trial): Promise<void> {
    return this.#noteIfPossible({ tried: { ...this.#file.value.tried, [id]: trial } });
  }

  /** What cannot be written holds for this process, and fails nothing. */
  async #noteIfPossible(change: Partial<Remembered>): Promise<void> {
    await this.#note(change).catch(console.error);
  }

  #note(change: Partial<Remembered>): Promise<void> {
    return this.#file.set({ ...this.#file.value, ...change });
  }
}

/** Whether the model's files are missing or altered, or ONNX Runtime cannot be loaded: not the provider's fault. */
function isOfTheModel(error: unknown): boolean {
  return error instanceof LookalikeError && /^MODEL_(MISSING|ALTERED|LIBRARY_MISSING)$/.test(error.code);
}

function isOfTheDisk(error: unknown): error is LookalikeError {
  return error instanceof LookalikeError && error.code.startsWith('STORAGE_');
}

function dropped(id: ProviderId, because: Fault): Fault {
  return { code: 'PROVIDER_DROPPED', params: { provider: PROVIDER_NAMES[id], because } };
}

/** The first line of the error, without the source location that ONNX Runtime puts before it. */
function faultOf(error: unknown): Fault {
  if (isOfTheDisk(error)) return error.fault;
  if (error instanceof LookalikeError && error.code === 'PROVIDER_DIFFERS') return error.fault;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const message = cause instanceof Error ? cause.message : String(cause);
  const [first = message] = message.replace(/^.* was false\. /s, '').split('\n');
  return { code: 'PROVIDER_FAILED', params: { said: first.slice(0, 300) } };
}

/** A picture of size x size x 3 bytes, different for each number. */
function testPicture(size: number, number: number): Uint8Array {
  return Uint8Array.from(
    { length: size * size * 3 },
    (_, i) => (i * (number + 1) * 37 + (i >> 7) * 11) & 255,
  );
}

function median(times: number[]): number {
  return times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
}
