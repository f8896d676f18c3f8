import type { ModelState } from '../../electron/contract/models.ts';
import { sourcesOf } from './model-words.ts';
import './model-sources.css';

/** Where the numbers in the list of models come from. */
export function ModelSources({ models }: { models: readonly ModelState[] }) {
  const sources = sourcesOf(models);
  if (sources.length === 0) return null;
  return (
    <details className="model-sources">
      <summary>Where these numbers come from</summary>
      <p className="label">
        Time: one photo on two cores of a server’s processor of 2023, with a model of the same shape and size.
        Older processors take longer. Right: of 100 photos of clothes, those whose product came first among
        about 60,000, as published. Lookalike has not repeated these tests, and what 8 and 4 bits cost is not
        published.
      </p>
      <ul className="label numbers selectable">
        {sources.map(({ name, words, url }) => (
          <li key={name}>
            <bdi>{name}</bdi>: {words} ({url})
          </li>
        ))}
      </ul>
    </details>
  );
}
