import { useEffect } from 'react';
import { formatCounted } from '../ui/format.ts';
import { Switch } from '../ui/switch.tsx';
import { forgetPhotos, readLearning, switchLearning, useLearning } from './learning.ts';

/** Switches learning from customers' photos, and forgets what was learned. It is one of the settings. */
export function LearningSetting() {
  const learning = useLearning((state) => state.learning);
  useEffect(() => void readLearning(), []);
  if (!learning) return null;
  const { on, photos } = learning;
  return (
    <>
      <h2>Learning</h2>
      <Switch name="Learn from photos" checked={on} onChange={(next) => void switchLearning(next)} />
      <p className="label">
        Allows for what your customers’ photos have in common, such as the light in the shop. No photo is kept
        {photos > 0 ? `; learned from ${formatCounted(photos, 'photo')}.` : '.'}
      </p>
      <button type="button" className="button" disabled={photos === 0} onClick={() => void forgetPhotos()}>
        Forget what was learned
      </button>
    </>
  );
}
