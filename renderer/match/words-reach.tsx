import { show } from '../page/view.ts';
import { useMatch } from './match.ts';

/** Says that the text was only compared with fields, when the model has no text encoder. */
export function WordsReach() {
  const looksUp = useMatch(({ answer }) => answer?.ranking.words === 'fields' && !answer.model.words);
  if (!looksUp) return null;
  return (
    <p className="label">
      Reads colours, prices, kinds, titles and SKUs.{' '}
      <button type="button" className="link" onClick={() => show('models')}>
        Install a model
      </button>{' '}
      that understands words to search by meaning.
    </p>
  );
}
