import { Embedder } from '../../model/embedder.ts';
import type { LocatedModel } from '../../model/files.ts';
import type { ModelEntry } from '../../model/manifest.ts';
import { SubjectModel } from '../../model/subject.ts';
import { PriorityGate } from '../../work/priority-gate.ts';

/**
 * Loads a model and runs it once, with its text encoder, so that a model that does not do what its entry says is never
 * installed.
 * @throws LookalikeError MODEL_MISSING, MODEL_ALTERED, MODEL_MISMATCH, MODEL_OUTPUT_INVALID
 */
export async function prove({ entry, folder }: LocatedModel<ModelEntry>): Promise<void> {
  if (entry.kind === 'subject') {
    const { size } = entry.image;
    const subject = await SubjectModel.load({ entry, folder });
    await subject.mask(new Uint8Array(size * size * 3).fill(127)).finally(() => subject.close());
    return;
  }
  const embedder = await Embedder.load({ entry, folder }, new PriorityGate());
  try {
    if (embedder.info.words) await embedder.embedWords('red');
  } finally {
    await embedder.close();
  }
}
