import { useConnection } from '../engine/connection.ts';
import { usePreferences } from '../page/preferences.ts';
import { show } from '../page/view.ts';
import { Bar } from '../ui/bar.tsx';
import { recommended, sizeWords } from './model-words.ts';
import { isRunning, useModels } from './models.ts';

/** Offers a better model than the starter model, once. After "Not now" only the status line mentions it. */
export function StarterOffer() {
  const starter = useConnection(
    ({ status }) =>
      status?.model.tier === 'starter' && status.snapshot !== null && status.switchingTo === null,
  );
  const dismissed = usePreferences((state) => state.starterOfferDismissed);
  const best = useModels(({ models }) => recommended(models ?? []));
  const busy = useModels(({ jobs }) => best !== undefined && isRunning(jobs[best.id]));
  if (!starter || dismissed || !best || busy) return null;
  const size = best.installed ? null : sizeWords(best);
  return (
    <Bar tone="doubt">
      <span>
        The starter model knows little of clothes. {best.name} does{size && `, ${size} once`}.
      </span>
      <button type="button" className="button" onClick={() => show('models')}>
        {best.installed ? `Use ${best.name}…` : `Install ${best.name}…`}
      </button>
      <button
        type="button"
        className="button quiet"
        onClick={() => usePreferences.setState({ starterOfferDismissed: true })}
      >
        Not now
      </button>
    </Bar>
  );
}
