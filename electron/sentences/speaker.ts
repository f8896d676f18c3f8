import { type Fault, type FaultCode, type FaultParams, fault } from '../contract/faults.ts';
import type { Say, Sentences } from './sentence.ts';
import { SHARED } from './shared.ts';

type SharedCode = keyof typeof SHARED;

/**
 * The own sentences of the window or the terminal: one for every fault that `SHARED` does not cover. A missing or repeated
 * sentence does not compile.
 */
export type FrontSentences = Sentences<Exclude<FaultCode, SharedCode>> & { [Code in SharedCode]?: never };

/**
 * Combines the window's or the terminal's own sentences with the shared ones.
 * @example
 * const say = faultSpeaker({ FEED_CHARSET_GUESSED: ({ charset }) => `It was read as ${charset}.`, ... });
 * say(error.fault);
 */
export function faultSpeaker(front: FrontSentences): Say {
  const all: Sentences<FaultCode> = { ...front, ...SHARED };
  const say: Say = (inner) => {
    const { data } = fault.safeParse(inner);
    // The fault is of a newer version, or of an older one with other parameters: only the code can be shown.
    return data ? sentenceOf(data, all, say) : inner.code;
  };
  return say;
}

function sentenceOf<Code extends FaultCode>(
  { code, params }: { code: Code; params: FaultParams[Code] } & Fault,
  sentences: Sentences<Code>,
  say: Say,
): string {
  return sentences[code](params, say);
}

/** Makes a fault's sentence where there is neither window nor terminal, as in a report; its code where only those have one. */
export const sharedSentence: Say = (inner) => {
  const { data } = fault.safeParse(inner);
  return data ? (sentenceAmong(data, SHARED) ?? data.code) : inner.code;
};

function sentenceAmong<Code extends FaultCode>(
  { code, params }: { code: Code; params: FaultParams[Code] } & Fault,
  sentences: Partial<Sentences<Code>>,
): string | undefined {
  return sentences[code]?.(params, sharedSentence);
}
