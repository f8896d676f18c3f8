import type { FaultCode, FaultParams } from '../contract/faults.ts';
import type { Sentences } from './sentence.ts';
import { howToLoad } from './system-reason.ts';

/** Sentences about models and providers. */
export const models = {
  MODEL_MISSING: (params) => {
    switch (params.reason) {
      case 'none-installed':
        return 'No model is installed. Install one first.';
      case 'not-installed':
        return `The model "${params.id}" is not installed.${params.installed.length > 0 ? ` Installed: ${params.installed.join(', ')}.` : ''}`;
      case 'file':
        return `${params.name} is incomplete: ${params.file} is missing. Install the model again.`;
    }
  },
  MODEL_ALTERED: (params) => {
    switch (params.reason) {
      case 'size':
        return `A file of ${params.name} is damaged or was changed (it has ${params.bytes} bytes and should have ${params.listed}). Install the model again.`;
      case 'hash':
        return `A file of ${params.name} is damaged or was changed (its sha256 is not the one it should have). Install the model again.`;
      case 'other-version':
        return `${params.file} has the name of a model file but other content: it is damaged, or another version.`;
    }
  },
  MODEL_MISMATCH: ({ name, problem }) => mismatch(name, problem),
  MODEL_LIBRARY_MISSING: ({ remedy, said }) => {
    return `Photos cannot be searched, because the library that runs models could not be loaded. ${howToLoad(remedy, said)}`;
  },
  MODEL_WITHOUT_WORDS: ({ name }) =>
    `The model in use, ${name}, understands pictures and no words. Use a model with a text encoder.`,
  MODEL_UNKNOWN: ({ id, known }) =>
    `There is no model "${id}".${known.length > 0 ? ` There are: ${known.join(', ')}.` : ''}`,
  MODEL_UNRECOGNISED: (params) => {
    switch (params.reason) {
      case 'nothing-known':
        return 'No model was recognised here. A model of your own needs a model.json beside it.';
      case 'not-there':
        return `There is no file or folder at ${params.path}.`;
      case 'taken-id':
        return `"${params.id}" is a model of the app's own. Give yours another id.`;
      case 'file-missing':
        return `model.json lists ${params.file}, which is missing.`;
    }
  },
  MODEL_SPACE: ({ free, needed }) =>
    free === null || needed === null
      ? 'The disk has too little space for this model.'
      : `The disk has ${megabytes(free)} free, and ${megabytes(needed)} are needed.`,
  MANIFEST_INVALID: ({ path, said }) =>
    `The description of models at ${path} could not be read${said === null ? '' : `: ${said}`}.`,
  MODEL_TAUGHT_MEANWHILE: ({ name, successor }) =>
    `${name} stays in use, because somebody has said what a photo shows meanwhile. ${successor} would not know that; change to it on the Models screen if you want it all the same.`,
  MODEL_STANDS_IN: ({ name, because }, say) => `${say(because)} ${name} is used instead.`,
  CROPS_NOT_PROPOSED: ({ because }, say) => `No crops are proposed: ${say(because)}`,
  PROVIDER_DROPPED: ({ provider, because }, say) =>
    `${provider} does not work here, so the CPU runs the model. ${say(because)}`,
  PROVIDER_DIFFERS: ({ similarity }) =>
    `Its answers differ from the CPU's: their similarity is only ${similarity.toFixed(4)}.`,
  PROVIDER_CRASHED: () => 'The engine stopped while this provider was tried.',
  PROVIDER_FAILED: ({ said }) => said,
  MODEL_OUTPUT_INVALID: () => 'The model gave an unusable answer for this picture.',
  MODEL_UNVERIFIABLE: () => 'There is no checksum to verify this model with, so it is not downloaded.',
  MODEL_BUSY: () => 'This model is being installed already.',
  MODEL_IN_USE: () => 'This model is in use. Use another one first.',
  MODEL_BUILT_IN: () => 'This model came with the app and cannot be removed.',
} satisfies Partial<Sentences<FaultCode>>;

const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`;

function mismatch(name: string, problem: FaultParams['MODEL_MISMATCH']['problem']): string {
  switch (problem.kind) {
    case 'too-slow':
      return `${name} did not finish a single picture in ${problem.seconds} seconds, so it was not installed.`;
    case 'crashed':
      return `${name} ended the program that tried it, so it was not installed. Its file may be damaged, or too large for this computer's memory.`;
    default:
      return `${name} does not do what its manifest says: ${difference(problem)}.`;
  }
}

type Difference = Exclude<
  FaultParams['MODEL_MISMATCH']['problem'],
  { kind: 'too-slow' } | { kind: 'crashed' }
>;

function difference(problem: Difference): string {
  switch (problem.kind) {
    case 'not-loaded':
      return `ONNX Runtime could not load ${problem.file ?? 'it'} on ${problem.on} (${problem.said})`;
    case 'inputs':
      return `its inputs for ${problem.of} are ${problem.found.join(', ')}, not ${problem.wanted.join(', ')}`;
    case 'picture-input':
      return `its input ${problem.input} is not a float32 picture of ${problem.size} x ${problem.size}`;
    case 'no-output':
      return `it has no output ${problem.output}, only ${problem.found.join(', ')}`;
    case 'output':
      return `its output ${problem.output} does not give ${problem.dim} numbers for ${problem.of}`;
    case 'no-mask':
      return `its output ${problem.output} is not a mask of ${problem.size} x ${problem.size}`;
    case 'tokenizer':
      return `its tokenizer could not be read (${problem.said})`;
    case 'no-token':
      return `its tokenizer has no token ${problem.token} to fill up with`;
    case 'gave':
      return `it gave ${problem.shape ?? 'nothing'} where ${problem.wanted} was expected`;
  }
}
