import { join } from 'node:path';
import { Embedder } from '../embedder.ts';
import { type LocatedModel, verifyModel } from '../files.ts';
import { fits, mismatch } from '../graph.ts';
import type { ModelEntry, SubjectEntry } from '../manifest.ts';
import { Turns } from '../turns.ts';

/**
 * Loads a model and runs it once, words included, so that one which does not do what its entry says is never installed.
 * @throws LookalikeError MODEL_MISSING, MODEL_ALTERED, MODEL_MISMATCH, MODEL_OUTPUT_INVALID
 */
export async function prove({ entry, folder }: LocatedModel<ModelEntry>): Promise<void> {
  if (entry.kind === 'subject') return proveSubject({ entry, folder });
  const embedder = await Embedder.load({ entry, folder }, new Turns());
  try {
    if (embedder.info.words) await embedder.embedWords('red');
  } finally {
    await embedder.close();
  }
}

async function proveSubject(model: LocatedModel<SubjectEntry>): Promise<void> {
  const { entry, folder } = model;
  const { file, input, output, size } = entry.image;
  await verifyModel(model);
  const ort = await import('onnxruntime-node');
  const session = await ort.InferenceSession.create(join(folder, file)).catch((cause: unknown) => {
    throw mismatch(entry, `ONNX Runtime could not load it (${String(cause)})`);
  });
  try {
    const pixels = session.inputMetadata.find(({ name }) => name === input);
    if (!pixels?.isTensor || !fits(pixels.shape, [1, 3, size, size]))
      throw mismatch(entry, `it has no input ${input} of ${size} x ${size}`);
    const mask = session.outputMetadata.find(({ name }) => name === output);
    if (!mask?.isTensor || !fits(mask.shape, [1, 1, size, size]))
      throw mismatch(entry, `it has no output ${output} of ${size} x ${size}`);
  } finally {
    await session.release();
  }
}
