import type { LookalikeError } from '../electron/contract/errors.ts';
import { type Fault, type FaultSentences, sentenceOfFault } from '../electron/contract/faults.ts';

/** What the window says of each fault, for people: what happened, and what they can do about it here. */
const SENTENCES: FaultSentences = {
  FEED_EMPTY: ({ reasons }) => {
    const [first, ...others] = reasons;
    if (!first) return 'The feed has no product, so the catalog was left as it was.';
    const { item, message } = first.example;
    const more = others.reduce((sum, { count }) => sum + count, 0);
    return `No product of the feed could be used, so the catalog was left as it was. ${first.count} times: ${message} (first: ${item})${more > 0 ? `, and ${more} other problems` : ''}`;
  },
};

export function faultSentence(fault: Fault): string {
  return sentenceOfFault(fault, SENTENCES);
}

/** The sentence for an error, whichever kind it is. */
export function errorSentence({ fault, message }: Pick<LookalikeError, 'fault' | 'message'>): string {
  return fault ? faultSentence(fault) : message;
}

/** The sentence for a notice of the status. */
export function noticeSentence(notice: string | Fault): string {
  return typeof notice === 'string' ? notice : faultSentence(notice);
}

/** The sentence for a problem of an import, or for how a sync ended. */
export function outcomeSentence({ fault, message }: { message: string; fault?: Fault | undefined }): string {
  return errorSentence({ fault: fault ?? null, message });
}
