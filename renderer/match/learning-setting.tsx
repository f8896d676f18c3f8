import { useEffect, useState } from 'react';
import type { Learning } from '../../electron/contract/learning.ts';
import { formatCounted, formatShare } from '../ui/format.ts';
import { Switch } from '../ui/switch.tsx';
import { exportLearned, forgetLearned, readLearning, switchLearning, useLearning } from './learning.ts';

/** What was learned, a sentence for each part. */
export function learnedWords({ photos, feedback }: Learning): string[] {
  const { confirmed, products, gone, absent, counts, color } = feedback;
  const words = [`${formatCounted(photos, 'photo')} searched.`];
  if (confirmed + absent === 0) return words;
  if (confirmed > 0)
    words.push(`${formatCounted(confirmed, 'photo')} confirmed, of ${formatCounted(products, 'product')}.`);
  if (absent > 0) words.push(`${formatCounted(absent, 'photo')} not in our range.`);
  if (gone > 0) words.push(`${gone} of the confirmed are of products that the catalog does not have now.`);
  if (confirmed > 0)
    words.push(
      counts
        ? 'Confirmed photos count as pictures of their products, because that ranks them better.'
        : 'Confirmed photos do not count yet: they are too few, or would not rank others better.',
    );
  if (color !== null) words.push(`Colour counts ${formatShare(color)}, as confirmed photos have shown.`);
  return words;
}

/** Asks once more. "Keep" takes the place of the pressed button and its focus: a second click or Enter forgets nothing. */
export function Sure({ onKeep, onForget }: { onKeep: () => void; onForget: () => void }) {
  return (
    <div className="settings-actions">
      {/* biome-ignore lint/a11y/noAutofocus: takes the place of the pressed button */}
      <button type="button" className="button" autoFocus onClick={onKeep}>
        Keep
      </button>
      <button type="button" className="button" onClick={onForget}>
        Forget everything
      </button>
    </div>
  );
}

/** Forgetting is asked about: months of answers may go. */
function Actions({ given, nothing }: { given: number; nothing: boolean }) {
  // Once it was answered, the first button has the focus again.
  const [asked, setAsked] = useState<'not' | 'now' | 'answered'>('not');
  if (asked === 'now') {
    const forget = () => {
      setAsked('answered');
      void forgetLearned();
    };
    return <Sure onKeep={() => setAsked('answered')} onForget={forget} />;
  }
  return (
    <div className="settings-actions">
      <button
        type="button"
        className="button"
        // A disabled button would lose the focus to the page.
        aria-disabled={nothing}
        // biome-ignore lint/a11y/noAutofocus: takes the place of the pressed button
        autoFocus={asked === 'answered'}
        onClick={() => !nothing && setAsked('now')}
      >
        Forget…
      </button>
      <button type="button" className="button" disabled={given === 0} onClick={() => void exportLearned()}>
        Export…
      </button>
    </div>
  );
}

/** Switches learning from use, says what was learned, and forgets it. It is one of the settings. */
export function LearningSetting() {
  const learning = useLearning((state) => state.learning);
  useEffect(() => void readLearning(), []);
  if (!learning) return null;
  const { on, photos, feedback } = learning;
  const given = feedback.confirmed + feedback.absent;
  return (
    <>
      <h2>What this machine has learned</h2>
      <Switch name="Learn from use" checked={on} onChange={(next) => void switchLearning(next)} />
      <p className="label">
        From what your customers’ photos have in common, and from what you say of them: “This is it”, “Not in
        our range”, a copied SKU. No photo is kept, and nothing leaves this computer.
      </p>
      <ul className="learned label">
        {learnedWords(learning).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <Actions given={given} nothing={photos + given === 0} />
    </>
  );
}
