import type { GivenFeedback, SearchResponse } from '../../electron/contract/search.ts';
import { asLookalikeError, engine } from '../engine/client.ts';
import { hideToast, toast } from '../page/toast.ts';
import { faultSentence } from '../ui/sentences.ts';
import { useMatch } from './match.ts';
import type { PhotoQuery, Query } from './query.ts';

/** What a person says that a photo shows: a product, or (null) nothing of the catalog. */
export type Said = { uid: string; styleId: string } | null;

/** Whether the feedback says just that. */
export function isSaid(feedback: GivenFeedback | null, said: Said): boolean {
  if (!feedback) return false;
  return said === null ? feedback.product === null : feedback.styleId === said.styleId;
}

/** "This is it" and "Not in our range". Said again, or of what a copied SKU has said, it is taken back. */
export async function say(said: Said): Promise<void> {
  const { query, answer } = useMatch.getState();
  if (query?.kind !== 'photo' || !answer) return;
  const { feedback } = answer;
  if (feedback && isSaid(feedback, said)) return takeBack(feedback.id);
  const given = await give(query, answer, said, 'said');
  if (given) toast(said ? 'Noted: this is it' : 'Noted: not in our range', undo(given));
}

/**
 * A copied SKU says that its product is the photo's, where the photo alone was asked: words and filters ask for something else than what
 * the photo shows.
 * @param words what the person is told of the copy
 */
export async function noteCopied(said: { uid: string; styleId: string }, words: string): Promise<void> {
  const { query, answer } = useMatch.getState();
  if (query?.kind !== 'photo' || !answer || !isPhotoAlone(query)) return;
  const before = answer.feedback;
  if (isSaid(before, said)) return;
  const given = await give(query, answer, said, 'copied');
  if (given) toast(`${words}. Noted as this photo’s product`, undo(given));
}

export async function takeBack(id: string): Promise<void> {
  hideToast();
  try {
    await engine.takeBackFeedback({ id });
    useMatch.setState(({ answer }) => ({
      answer: answer?.feedback?.id === id ? { ...answer, feedback: null } : answer,
    }));
    toast('Taken back');
  } catch (error) {
    toast(faultSentence(asLookalikeError(error).fault));
  }
}

const undo = ({ id }: GivenFeedback) => ({ name: 'Undo', run: () => void takeBack(id) });

/** Whether the results are those of the photo alone, and not of what was asked for beside it. */
function isPhotoAlone({ words }: Extract<Query, { kind: 'photo' }>): boolean {
  const { filters, sameColor } = useMatch.getState();
  return words.text.trim() === '' && words.without === '' && Object.keys(filters).length === 0 && !sameColor;
}

/** Null where it says nothing, or was not noted; the reason is told. */
async function give(
  query: PhotoQuery,
  answer: SearchResponse,
  said: Said,
  by: GivenFeedback['by'],
): Promise<GivenFeedback | null> {
  const { results, ranking } = answer;
  const place = said ? results.findIndex(({ styleId }) => styleId === said.styleId) : -1;
  const { bytes, crop } = query;
  try {
    const feedback = await engine.giveFeedback({
      photo: { bytes },
      ...(crop && { crop }),
      product: said?.uid ?? null,
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
