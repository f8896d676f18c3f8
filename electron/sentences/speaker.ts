import { type Fault, type FaultCode, type FaultParams, fault } from '../contract/faults.ts';
import type { Say, Sentences } from './sentence.ts';
import { SHARED } from './shared.ts';

type SharedCode = keyof typeof SHARED;

/**
 * The sentences that one front has of its own: one for every fault that `SHARED` has none for. A front that forgets one, or
 * that repeats a shared one, does not compile.
 */
export type FrontSentences = Sentences<Exclude<FaultCode, SharedCode>> & { [Code in SharedCode]?: never };

/**
 * What makes the sentences of one front.
 *
 * @example
 * const say = faultSpeaker({ FEED_CHARSET_GUESSED: ({ charset }) => `It was read as ${charset}.`, ... });
 * say(error.fault);
 */
export function faultSpeaker(front: FrontSentences): Say {
  const all: Sentences<FaultCode> = { ...front, ...SHARED };
  const say: Say = (inner) => {
    const { data } = fault.safeParse(inner);
    // Of a newer version, or of an older one that gave other parameters: the code is all there is to say.
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
