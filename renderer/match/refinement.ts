import type { SearchResponse } from '../../electron/contract/search.ts';

/**
 * A photo is answered twice: first by all of it, and then with its subject. The second answer must not move what is under
 * the person's hand: then the order on screen stays, and the new one is offered.
 */
export interface Held {
  /** What the person has put on the results since the first answer: the pointer on a card, or keys, clicks, scrolling. */
  hand: 'pointer' | 'kept' | null;
  /** The second answer while it is only offered. */
  refined: SearchResponse | null;
}

export const NOT_HELD: Held = { hand: null, refined: null };

/**
 * Whether a card would be elsewhere, or of another size: the best one is large when it looks the same. Cards behind the last one of
 * `from` move none.
 */
export function movesCards(from: SearchResponse, to: SearchResponse): boolean {
  const sameOrder =
    from.results.length <= to.results.length &&
    from.results.every(({ styleId }, index) => styleId === to.results[index]?.styleId);
  return !sameOrder || from.results[0]?.band !== to.results[0]?.band;
}
