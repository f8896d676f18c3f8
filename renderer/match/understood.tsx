import { X } from 'lucide-react';
import type { WordsPart } from '../../electron/contract/search.ts';
import { useMatch } from './match.ts';
import { askWords } from './query-actions.ts';
import { Swatch } from './swatch.tsx';
import { outOfPriceWords, partMeaning, priceLimits, type Words, withoutPart, withWord } from './words.ts';
import './understood.css';

/** Colours that are shown on a chip. */
const MOST_SWATCHES = 4;

/** The field has the words that a chip stands for, so it gets the focus when the chip is gone. */
function askAgain(words: Words): void {
  askWords(words);
  document.querySelector<HTMLElement>('.words-field input')?.focus();
}

function Part({ part, words }: { part: WordsPart; words: Words }) {
  const { kind, text, values, readAs, found } = part;
  const meaning = partMeaning(part);
  const isLost = found === 0;
  return (
    <button
      type="button"
      className="chip understood-part"
      aria-label={`Remove: ${readAs ?? text}${meaning && ` (${meaning})`}`}
      title={meaning}
      onClick={() => askAgain(withoutPart(words, part))}
    >
      {kind === 'color' && !isLost && (
        <span className="understood-colors">
          {values.slice(0, MOST_SWATCHES).map((value) => (
            <Swatch key={value} name={value} />
          ))}
        </span>
      )}
      {isLost ? <s dir="auto">{text}</s> : <bdi>{readAs ?? text}</bdi>}
      <X aria-hidden />
    </button>
  );
}

/** Words that may have been meant instead of one that found nothing. */
function DidYouMean({ part, words }: { part: WordsPart; words: Words }) {
  return (
    <p className="understood-note">
      Did you mean{' '}
      {part.suggestions.map((word, i) => (
        <span key={word}>
          {i > 0 && ' or '}
          <button type="button" className="link" onClick={() => askAgain(withWord(words, part, word))}>
            {word}
          </button>
        </span>
      ))}
      ?
    </p>
  );
}

const quoted = (parts: readonly WordsPart[]) => parts.map(({ text }) => `“${text}”`).join(', ');

/** What the words of the answered query were understood as. Each part can be taken away; what found nothing is struck out. */
export function Understood({ words }: { words: Words }) {
  const understood = useMatch(({ answer }) => answer?.understood);
  if (!understood || understood.parts.length === 0) return null;
  const { parts, together, outOfPrice } = understood;
  const lost = parts.filter(({ found }) => found === 0);
  const corrected = parts.filter(({ readAs }) => readAs !== null);
  const isNone = together === 0 && lost.length < parts.length;
  const limits = priceLimits(parts);
  return (
    <section className="understood" aria-label="Understood">
      <ul className="chips">
        {parts.map((part) => (
          <li key={`${part.span.of} ${part.span.start}`}>
            <Part part={part} words={words} />
          </li>
        ))}
      </ul>
      <div role="status">
        {lost.length > 0 && <p className="understood-note">{quoted(lost)} found nothing.</p>}
        {corrected.map(({ text, readAs }) => (
          <p key={text} className="understood-note">
            “{text}” was read as {readAs}.
          </p>
        ))}
        {isNone && <p className="understood-note">Nothing is all of this. What comes nearest is shown.</p>}
        {outOfPrice > 0 && <p className="understood-note">{outOfPriceWords(limits)}</p>}
      </div>
      {parts
        .filter(({ suggestions }) => suggestions.length > 0)
        .map((part) => (
          <DidYouMean key={part.text} part={part} words={words} />
        ))}
    </section>
  );
}
