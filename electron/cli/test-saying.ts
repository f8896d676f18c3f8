import type { Inner } from '../sentences/sentence.ts';
import { faultSentence } from './sentences.ts';

/** Matches, within `toMatchObject`, a fault by the terminal's sentence: a part of it, or a pattern. */
export function saying(expected: string | RegExp): unknown {
  return {
    asymmetricMatch: (fault: Inner): boolean => {
      const sentence = faultSentence(fault);
      return typeof expected === 'string' ? sentence.includes(expected) : expected.test(sentence);
    },
    toString: () => `saying ${String(expected)}`,
  };
}
