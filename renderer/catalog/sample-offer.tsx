import { useConnection } from '../engine/connection.ts';
import { usePreferences } from '../page/preferences.ts';
import { useView } from '../page/view.ts';
import { Bar } from '../ui/bar.tsx';
import { formatCounted } from '../ui/format.ts';
import { sourcesOf } from './live-feed.ts';
import { removeProducts, useSources } from './sources.ts';

/** Offers to remove the sample catalog once there is a real one: its drawn garments would only disturb the results. */
export function SampleOffer() {
  const snapshot = useConnection((state) => state.status?.snapshot);
  const importing = useConnection((state) => state.status?.importing ?? false);
  const kept = usePreferences((state) => state.sampleKept);
  const removing = useSources((state) => state.removing !== null);
  const onModels = useView((state) => state.view === 'models');
  const sources = snapshot ? sourcesOf(snapshot) : [];
  const sample = sources.find((each) => each.sample);
  if (!sample || sources.length < 2 || kept || onModels) return null;
  return (
    <Bar>
      <span>
        The {formatCounted(sample.products, 'drawn product')} of the sample catalog{' '}
        {sample.products === 1 ? 'is' : 'are'} still among the results.
      </span>
      <button
        type="button"
        className="button"
        disabled={importing || removing}
        onClick={() => void removeProducts(sample)}
      >
        {removing ? 'Removing…' : 'Remove the sample catalog'}
      </button>
      <button
        type="button"
        className="button quiet"
        onClick={() => usePreferences.setState({ sampleKept: true })}
      >
        Keep it
      </button>
    </Bar>
  );
}
