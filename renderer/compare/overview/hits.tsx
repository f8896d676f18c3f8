import type { ComparisonOverview, StyleHit } from '../../../electron/contract/compare-tells.ts';
import { Picture } from '../../engine/picture.tsx';
import { formatCounted, formatPrice } from '../../ui/format.ts';
import { ROWS, showRows } from './show-rows.ts';

function Hit({ hit: { product, same, equivalent, similar } }: { hit: StyleHit }) {
  const { title, styleId, styleSku, color, price, currency, thumbnail } = product;
  const parts = [
    same > 0 && `${same} same`,
    equivalent > 0 && `${equivalent} equivalent`,
    similar > 0 && `${similar} similar`,
  ].filter((part) => part !== false);
  const facts = [styleSku, color, price === null ? null : formatPrice(price, currency)].filter(
    (part) => part,
  );
  return (
    <li>
      <button
        type="button"
        className="hit"
        title="Show the pictures that were matched with it"
        onClick={() => showRows({ ...ROWS.matched, style: [styleId] })}
      >
        <Picture id={thumbnail} />
        <span className="hit-words">
          <strong className="numbers">{formatCounted(same + equivalent + similar, 'picture')}</strong>
          <span dir="auto">{title}</span>
          <span className="label numbers" dir="auto">
            {facts.join(' · ')}
          </span>
          <span className="label numbers">{parts.join(', ')}</span>
        </span>
      </button>
    </li>
  );
}

/** Our styles that their pictures were matched with, the most matched first. */
export function Hits({ overview: { hits, stylesHit } }: { overview: ComparisonOverview }) {
  return (
    <section aria-labelledby="hits-title">
      <h2 id="hits-title">
        Our styles hit most often{' '}
        {stylesHit > 0 && (
          <span className="label numbers">
            {hits.length < stylesHit
              ? `${hits.length} of ${formatCounted(stylesHit, 'style')}`
              : formatCounted(stylesHit, 'style')}
          </span>
        )}
      </h2>
      {hits.length === 0 ? (
        <p className="label">Nothing is matched yet. Styles come here as you decide.</p>
      ) : (
        <ul className="hits">
          {hits.map((hit) => (
            <Hit key={hit.product.styleId} hit={hit} />
          ))}
        </ul>
      )}
    </section>
  );
}
