import { formatShare } from '../ui/format.ts';
import { Switch } from '../ui/switch.tsx';
import { Between } from './between.tsx';
import { setColorWeight, setSameColor, useMatch } from './match.ts';
import { EVEN, type PhotoQuery, type ProductQuery } from './query.ts';
import { setBalance } from './query-actions.ts';
import { hasText } from './words.ts';
import './ranking-controls.css';

function ColorWeight() {
  const chosen = useMatch((state) => state.colorWeight);
  const usual = useMatch((state) => state.usualColor);
  const weight = usual?.weight ?? 0;
  const name = `Back to ${formatShare(weight)}${usual?.from === 'calibrated' ? ', as calibrated' : ''}`;
  return (
    <Between
      ends={['Shape', 'Colour']}
      value={chosen ?? weight}
      usual={weight}
      onChange={setColorWeight}
      back={chosen === null ? null : { name, go: () => setColorWeight(null) }}
    />
  );
}

/** The weights in the ranking of a query with a picture. */
export function RankingControls({ query }: { query: PhotoQuery | ProductQuery }) {
  const sameColor = useMatch((state) => state.sameColor);
  const moved = query.balance !== EVEN;
  return (
    <fieldset className="ranking-controls">
      <legend className="visually-hidden">Ranking</legend>
      {hasText(query.words) && (
        <Between
          ends={[query.kind === 'photo' ? 'Photo' : 'Picture', 'Words']}
          value={query.balance}
          usual={EVEN}
          onChange={setBalance}
          back={moved ? { name: 'Back to half and half', go: () => setBalance(EVEN) } : null}
        />
      )}
      <ColorWeight />
      <Switch name="Same colour" checked={sameColor} onChange={setSameColor} />
    </fieldset>
  );
}
