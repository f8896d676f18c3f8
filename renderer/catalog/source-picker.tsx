import { FileUp, Link, Shapes } from 'lucide-react';
import { type FormEvent, useId, useRef, useState } from 'react';
import type { FeedSource } from '../../electron/contract/publishing.ts';
import { CATALOG_FILES, sourceName } from './feed-words.ts';
import { locationOf, NEW_DRAFT } from './source-draft.ts';
import { syncFeed } from './sync.ts';
import './source-picker.css';

/** Imports at once, without a dry run, because nothing is published yet that could be lost. */
function start(source: FeedSource): void {
  void syncFeed({ name: sourceName(source), request: { source } });
}

function FromUrl({ disabled }: { disabled: boolean }) {
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const source = locationOf({ ...NEW_DRAFT, where: text });
    setWrong(source === null);
    if (source) start(source);
  };
  return (
    <form className="source" onSubmit={submit}>
      <Link aria-hidden />
      <div className="source-words">
        <label htmlFor={id}>Feed address</label>
        <div className="source-url">
          <input
            id={id}
            className="text-input"
            placeholder="https://shop.example/products.json"
            value={text}
            aria-invalid={wrong}
            aria-describedby={wrong ? `${id}-wrong` : undefined}
            onChange={(event) => {
              setText(event.target.value);
              setWrong(false);
            }}
          />
          <button type="submit" className="button" disabled={disabled || text.trim() === ''}>
            Import
          </button>
        </div>
        {wrong && (
          <p id={`${id}-wrong`} className="label source-wrong" role="alert">
            An address starts with https:// or http://
          </p>
        )}
      </div>
    </form>
  );
}

function FromFile({ disabled }: { disabled: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="source">
      <FileUp aria-hidden />
      <div className="source-words">
        <p>Feed file or catalog pack</p>
        <p className="label">JSON, CSV, XML or a pack. Drop it anywhere, or choose it.</p>
      </div>
      <button type="button" className="button" disabled={disabled} onClick={() => input.current?.click()}>
        Choose file…
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept={CATALOG_FILES}
        aria-label="Feed file"
        onChange={({ target }) => {
          const file = target.files?.[0];
          if (file) start({ kind: 'file', path: window.lookalike.pathForFile(file) });
          target.value = '';
        }}
      />
    </div>
  );
}

/** The kinds of sources that a first catalog can come from. */
export function SourcePicker({ disabled }: { disabled: boolean }) {
  return (
    <div className="sources">
      <div className="source">
        <Shapes aria-hidden />
        <div className="source-words">
          <p>Sample catalog</p>
          <p className="label">Drawn garments, to try things out.</p>
        </div>
        <button
          type="button"
          className="button primary"
          disabled={disabled}
          onClick={() => start({ kind: 'sample' })}
        >
          Try the sample catalog
        </button>
      </div>
      <h2 className="sources-own">Or use your own feed</h2>
      <FromFile disabled={disabled} />
      <FromUrl disabled={disabled} />
    </div>
  );
}
