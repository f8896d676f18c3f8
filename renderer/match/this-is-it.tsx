import { Check } from 'lucide-react';
import { isPhotoAlone, isSaid, type Said, say, whyNotSaid } from './feedback.ts';
import { useLearning } from './learning.ts';
import { useMatch } from './match.ts';
import './this-is-it.css';

/** Whether its keys do something, if only to say why nothing is learned: learning is on, and a photo was asked. */
export function useSayKeys(): boolean {
  const isPhoto = useMatch((state) => state.query?.kind === 'photo');
  const on = useLearning((state) => state.learning?.on ?? true);
  return isPhoto && on;
}

/** Whether people can say what a photo shows: it was asked alone. */
function useCanSay(): boolean {
  const isAlone = useMatch(isPhotoAlone);
  return useSayKeys() && isAlone;
}

/** Whether this was said of the photo on screen. */
export function useIsSaid(said: Said): boolean {
  return useMatch((state) => isSaid(state.answer?.feedback ?? null, said));
}

/** On a card: says that its product is the photo's. */
export function ThisIsItMark({ uid, styleId }: NonNullable<Said>) {
  const isOn = useIsSaid({ uid, styleId });
  if (!useCanSay()) return null;
  const name = isOn ? 'This is it. Take back' : 'This is it';
  return (
    <button
      type="button"
      className="this-is-it-mark"
      tabIndex={-1}
      aria-pressed={isOn}
      aria-label="This is it"
      title={`${name} (Y)`}
      onClick={(event) => {
        event.stopPropagation();
        void say({ uid, styleId });
      }}
    >
      <Check aria-hidden />
    </button>
  );
}

/** In the details: the same, in words; or why it cannot be said now. */
export function ThisIsIt({ uid, styleId }: NonNullable<Said>) {
  const isOn = useIsSaid({ uid, styleId });
  const why = useMatch(whyNotSaid);
  if (!useSayKeys()) return null;
  if (why !== null) return <p className="label this-is-it-why">{why}.</p>;
  return (
    <button
      type="button"
      className="button this-is-it"
      aria-pressed={isOn}
      title={isOn ? 'Take back (Y)' : 'The photo shows this product (Y)'}
      onClick={() => void say({ uid, styleId })}
    >
      <Check aria-hidden /> This is it
    </button>
  );
}

/** On the answer: says that the catalog does not have what the photo shows. */
export function NotInRange() {
  const isOn = useIsSaid(null);
  if (!useCanSay()) return null;
  return (
    <button
      type="button"
      className="button quiet not-in-range"
      aria-pressed={isOn}
      title={isOn ? 'Take back (N)' : 'None of these is what the photo shows (N)'}
      onClick={() => void say(null)}
    >
      {isOn && <Check aria-hidden />} Not in our range
    </button>
  );
}
