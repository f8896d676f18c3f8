import { Search, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { isTyping } from '../intake.ts';
import { focusResults, useMatch } from '../store/match.ts';
import { askWords, typeWords } from '../store/queries.ts';
import type { Query } from '../store/query.ts';
import { commandKey } from '../ui/keys.ts';
import { Picture } from '../ui/picture.tsx';
import { MOST_CHARACTERS, NO_WORDS } from './words.ts';
import './words-field.css';

/** What tells one picture from the next. */
function pictureOf(query: Query | null): unknown {
  if (query?.kind === 'photo') return query.bytes;
  return query?.kind === 'product' ? query.product.productId : null;
}

/** "/", and what elsewhere finds or jumps. */
function isShortcut(event: globalThis.KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey) return /^[kf]$/i.test(event.key) && !event.shiftKey && !event.altKey;
  return event.key === '/' && !isTyping(event.target);
}

function Beside({ query }: { query: Query | null }) {
  if (!query || query.kind === 'words') return <Search aria-hidden />;
  return (
    <span className="words-beside label" aria-hidden>
      {query.kind === 'product' && <Picture id={query.product.thumbnail} fill />}
      {query.kind === 'photo' && typeof query.view === 'object' && <img src={query.view.url} alt="" />}
      with
    </span>
  );
}

/**
 * Words to search by. Alone they are asked as they are typed; beside a photo or a product they go with it. Enter, or
 * leaving the field, settles them; Esc clears them.
 */
export function WordsField() {
  const query = useMatch((state) => state.query);
  const input = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState<{ beside: unknown; text: string } | null>(null);
  const picture = pictureOf(query);
  const words = query?.words ?? NO_WORDS;
  // What was typed beside one picture is not meant for the next.
  const unasked = draft?.beside === picture ? draft : null;
  const text = picture !== null && unasked ? unasked.text : words.text;

  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (!isShortcut(event)) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  const type = (typed: string) => {
    setDraft({ beside: picture, text: typed });
    if (picture === null) typeWords({ ...words, text: typed });
  };
  const ask = (next: typeof words, wantsFocus = false) => {
    setDraft(null);
    askWords(next, { wantsFocus });
  };
  const clear = () => {
    ask(NO_WORDS);
    input.current?.focus();
  };
  const empty = text === '' && words.without === '';
  const onBlur = () => {
    const telling = picture === null ? !empty : text !== words.text;
    if (unasked && telling) ask({ ...words, text });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') ask({ ...words, text }, true);
    else if (event.key === 'Escape' && !empty) clear();
    else if (event.key === 'Escape' || event.key === 'ArrowDown') {
      input.current?.blur();
      focusResults();
    } else return;
    event.preventDefault();
  };
  return (
    <search className="words-field">
      <Beside query={query} />
      <input
        ref={input}
        type="search"
        dir="auto"
        spellCheck={false}
        maxLength={MOST_CHARACTERS}
        aria-label={picture === null ? 'Describe a product, or type a SKU' : 'With words'}
        aria-keyshortcuts="/ Control+K"
        placeholder={picture === null ? 'Describe it, or type a SKU' : 'words: in green, without stripes'}
        value={text}
        onChange={(event) => type(event.target.value)}
        onBlur={onBlur}
        onKeyDown={onKeyDown}
      />
      {words.without && (
        <button
          type="button"
          className="chip"
          aria-label={`Remove: without ${words.without}`}
          title={`without ${words.without}`}
          onClick={() => {
            ask({ text, without: '' });
            input.current?.focus();
          }}
        >
          <bdi>without {words.without}</bdi> <X aria-hidden />
        </button>
      )}
      {empty ? (
        <kbd aria-hidden>{commandKey()} K</kbd>
      ) : (
        <button
          type="button"
          className="icon-button"
          aria-label="Clear words"
          title="Clear the words (Esc)"
          onClick={clear}
        >
          <X aria-hidden />
        </button>
      )}
    </search>
  );
}
