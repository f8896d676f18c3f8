import type { Inner } from '../sentences/sentence.ts';
import { faultSentence } from './sentences.ts';

/** Matches, within `toMatchObject`, a fault of which the terminal says this: a part of the sentence, or a pattern of it. */
export function saying(expected: string | RegExp): unknown {
  return {
    asymmetricMatch: (fault: Inner): boolean => {
      const sentence = faultSentence(fault);
      return typeof expected === 'string' ? sentence.includes(expected) : expected.test(sentence);
    },
    toString: () => `saying ${String(expected)}`,
  };
}
