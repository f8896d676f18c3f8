import type { GivenFeedback, SearchResponse } from '../../electron/contract/search.ts';
import { asLookalikeError, engine } from '../engine/client.ts';
import { hideToast, toast } from '../page/toast.ts';
import { faultSentence } from '../ui/sentences.ts';
import { useMatch } from './match.ts';
import type { Asked, PhotoQuery } from './query.ts';

/** What a person says that a photo shows: a product, or (null) nothing of the catalog. */
export type Said = { uid: string; styleId: string } | null;

/** Whether the feedback says just that. */
export function isSaid(feedback: GivenFeedback | null, said: Said): boolean {
  if (!feedback) return false;
  return said === null ? feedback.product === null : feedback.styleId === said.styleId;
}

/**
 * Whether the results are those of one photo alone. Words, filters and "Same colour" ask for something else than what the photo shows, and
 * further photos show more than it, so what is said of their results is not learned.
 */
export function isPhotoAlone({ query, filters, sameColor }: Pick<Asked, 'query' | 'filters' | 'sameColor'>) {
  if (query?.kind !== 'photo' || query.also.length > 0 || sameColor) return false;
  const { text, without } = query.words;
  return text.trim() === '' && without.trim() === '' && Object.keys(filters).length === 0;
}

/** Why nothing can be said of a photo's results; null where it can. */
export function whyNotSaid(asked: Pick<Asked, 'query' | 'filters' | 'sameColor'>): string | null {
  if (asked.query?.kind !== 'photo' || isPhotoAlone(asked)) return null;
  if (asked.query.also.length > 0) return 'To say “This is it”, go one by one';
  return 'To say “This is it”, ask without words, filters and Same colour';
}

/** "This is it" and "Not in our range". Said again, or of what a copied SKU has said, it is taken back. */
export async function say(said: Said): Promise<void> {
  const asked = useMatch.getState();
  const { query, answer } = asked;
  if (query?.kind !== 'photo' || !answer) return;
  const why = whyNotSaid(asked);
  if (why !== null) return toast(why);
  const { feedback } = answer;
  if (feedback && isSaid(feedback, said)) {
    await takeBack(feedback.id);
    return;
  }
  const given = await give(query, answer, said?.uid ?? null, 'said');
  if (!given) return;
  toast(said ? 'Noted: this is it' : 'Noted: not in our range', undo(given, { query, answer }));
}

/**
 * A copied SKU says that its product is the photo's, where the photo alone was asked.
 * @param words what the person is told of the copy
 */
export async function noteCopied(said: { uid: string; styleId: string }, words: string): Promise<void> {
  const asked = useMatch.getState();
  const { query, answer } = asked;
  if (query?.kind !== 'photo' || !answer || !isPhotoAlone(asked)) return;
  const before = answer.feedback;
  // It is less sure than what was said.
  if (before?.by === 'said' || isSaid(before, said)) return;
  const given = await give(query, answer, said.uid, 'copied');
  if (given) toast(`${words}. Noted as this photo’s product`, undo(given, { query, answer }));
}

/** @returns false where it failed; the reason is told */
async function takeBack(id: string): Promise<boolean> {
  hideToast();
  try {
    await engine.takeBackFeedback({ id });
    useMatch.setState(({ answer }) => ({
      answer: answer?.feedback?.id === id ? { ...answer, feedback: null } : answer,
    }));
    toast('Taken back');
    return true;
  } catch (error) {
    toast(faultSentence(asLookalikeError(error).fault));
    return false;
  }
}

/** What was on screen when something was said. */
interface Before {
  query: PhotoQuery;
  answer: SearchResponse;
}

const undo = ({ id }: GivenFeedback, before: Before) => ({
  name: 'Undo',
  run: () => void putBack(id, before),
});

/** Takes it back, and says again what it took the place of. */
async function putBack(id: string, { query, answer }: Before): Promise<void> {
  if (!(await takeBack(id)) || !answer.feedback) return;
  const { product, by } = answer.feedback;
  if (await give(query, answer, product, by)) toast('Taken back. What was noted before counts again');
}

/** Null where it says nothing, or was not noted; the reason is told. */
async function give(
  query: PhotoQuery,
  answer: SearchResponse,
  product: string | null,
  by: GivenFeedback['by'],
): Promise<GivenFeedback | null> {
  const { results, ranking } = answer;
  const place =
    product === null ? -1 : results.findIndex(({ sizes }) => sizes.some(({ uid }) => uid === product));
  const { bytes, crop } = query;
  try {
    const feedback = await engine.giveFeedback({
      photo: { bytes },
      ...(crop && { crop }),
      product,
      by,
      shown: {
        rank: place < 0 ? null : place + 1,
        band: results[0]?.band ?? null,
        probability: ranking.probability,
      },
    });
    // Another photo may be on screen by now.
    useMatch.setState((now) =>
      now.query?.kind === 'photo' && now.query.bytes === bytes && now.answer
        ? { answer: { ...now.answer, feedback } }
        : {},
    );
    return feedback;
  } catch (error) {
    toast(faultSentence(asLookalikeError(error).fault));
    return null;
  }
}
