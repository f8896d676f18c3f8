import type { FaultCode } from '../contract/faults.ts';
import type { Sentences } from './sentence.ts';

/** What every front says of models and of what runs them. */
export const models = {
  MODEL_OUTPUT_INVALID: () => 'The model gave an unusable answer for this picture.',
  MODEL_UNVERIFIABLE: () => 'Nothing says which bytes this model should have, so it is not downloaded.',
  MODEL_BUSY: () => 'This model is being installed already.',
  MODEL_IN_USE: () => 'This model is in use. Use another one first.',
  MODEL_BUILT_IN: () => 'This model came with the app and cannot be removed.',
} satisfies Partial<Sentences<FaultCode>>;
