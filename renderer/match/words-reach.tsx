import { show } from '../page/view.ts';
import { useMatch } from './match.ts';

/** Says that the words were not understood but looked up, where the model cannot understand any. */
export function WordsReach() {
  const looksUp = useMatch(({ answer }) => answer?.ranking.words === 'fields' && !answer.model.words);
  if (!looksUp) return null;
  return (
    <p className="label">
      Matches titles, brands, SKUs.{' '}
      <button type="button" className="link" onClick={() => show('models')}>
        Install FashionCLIP
      </button>{' '}
      to search by meaning.
    </p>
  );
}
