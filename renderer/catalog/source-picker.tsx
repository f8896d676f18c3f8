import { FileUp, Link, Shapes } from 'lucide-react';
import { type FormEvent, useId, useRef, useState } from 'react';
import { z } from 'zod';
import { startImport } from '../store/import.ts';
import './source-picker.css';

const webAddress = z.url({ protocol: /^https?$/ });

function FromUrl({ disabled }: { disabled: boolean }) {
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const url = webAddress.safeParse(text.trim());
    setWrong(!url.success);
    if (url.success) void startImport({ kind: 'url', url: url.data });
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
            placeholder="https://shop.example/feed.json"
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
        <p>Feed file</p>
        <p className="label">JSON or NDJSON. Drop it anywhere, or choose it.</p>
      </div>
      <button type="button" className="button" disabled={disabled} onClick={() => input.current?.click()}>
        Choose file…
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept=".json,.ndjson,.jsonl"
        aria-label="Feed file"
        onChange={({ target }) => {
          const file = target.files?.[0];
          if (file) void startImport({ kind: 'file', path: window.lookalike.pathForFile(file) });
          target.value = '';
        }}
      />
    </div>
  );
}

/** The places a catalog can come from. */
export function SourcePicker({ disabled, firstRun = false }: { disabled: boolean; firstRun?: boolean }) {
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
          className={`button ${firstRun ? 'primary' : ''}`}
          disabled={disabled}
          onClick={() => void startImport({ kind: 'sample' })}
        >
          {firstRun ? 'Try the sample catalog' : 'Import'}
        </button>
      </div>
      {firstRun && <h2 className="sources-own">Or use your own feed</h2>}
      <FromFile disabled={disabled} />
      <FromUrl disabled={disabled} />
    </div>
  );
}
