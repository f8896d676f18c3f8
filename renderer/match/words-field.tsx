import { Search, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { Picture } from '../engine/picture.tsx';
import { useView } from '../page/view.ts';
import { commandKey, isTyping } from '../ui/keys.ts';
import { focusResults, keepFocus, useMatch } from './match.ts';
import type { Query } from './query.ts';
import { askWords, typeWords } from './query-actions.ts';
import { MOST_CHARACTERS, NO_WORDS, settled, type Words } from './words.ts';
import './words-field.css';

/** Identifies the query's picture. */
function pictureOf(query: Query | null): unknown {
  if (query?.kind === 'photo') return query.bytes;
  return query?.kind === 'product' ? query.product.uid : null;
}

/** "/", and the usual shortcuts for searching and jumping to a field. */
function isShortcut(event: globalThis.KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey) return /^[kf]$/i.test(event.key) && !event.shiftKey && !event.altKey;
  // On Compare, / finds a product for the picture under review.
  return event.key === '/' && !isTyping(event.target) && useView.getState().view !== 'compare';
}

/** Drawn when nobody waits for an answer: at each size the photo is decoded anew. */
function SmallPhoto({ url }: { url: string }) {
  const idle = useMatch(({ search: { phase } }) => phase === 'idle');
  const [drawn, setDrawn] = useState<string>();
  if (idle && drawn !== url) setDrawn(url);
  return <img src={drawn === url ? url : undefined} alt="" />;
}

function Beside({ query }: { query: Query | null }) {
  if (!query || query.kind === 'words') return <Search aria-hidden />;
  return (
    <span className="words-beside label" aria-hidden>
      {query.kind === 'product' && <Picture id={query.product.thumbnail} fill />}
      {query.kind === 'photo' && typeof query.view === 'object' && <SmallPhoto url={query.view.url} />}
      with
    </span>
  );
}

/**
 * The text to search by. Without a picture the search runs while it is typed; beside a photo or a product the text is added
 * to it. Enter, or leaving the field, applies it; Esc clears it.
 */
export function WordsField() {
  const query = useMatch((state) => state.query);
  const input = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState<{ beside: unknown; words: Words } | null>(null);
  const picture = pictureOf(query);
  const words = query?.words ?? NO_WORDS;
  // A text that was typed beside one picture is not used for the next.
  const unasked = draft?.beside === picture ? draft : null;
  const typed = picture !== null && unasked ? unasked.words : words;
  // The spaces at its ends stay while it is typed.
  const text = typed.without === '' ? typed.text : settled(typed).text;

  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (!isShortcut(event)) return;
      event.preventDefault();
      // The field may have the focus already, and then there is no focus event.
      keepFocus();
      input.current?.focus();
      input.current?.select();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  const type = (entered: string) => {
    const next = { text: entered, without: '' };
    setDraft({ beside: picture, words: next });
    keepFocus();
    if (picture === null) typeWords(next);
  };
  const ask = (next: Words, wantsFocus = false) => {
    setDraft(null);
    askWords(next, { wantsFocus });
  };
  const clear = () => {
    ask(NO_WORDS);
    input.current?.focus();
  };
  const empty = text === '';
  const onBlur = () => {
    const telling = picture === null ? !empty : text !== words.text;
    if (unasked && telling) ask({ text, without: '' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') ask({ text, without: '' }, true);
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
        onFocus={keepFocus}
        onBlur={onBlur}
        onKeyDown={onKeyDown}
      />
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
