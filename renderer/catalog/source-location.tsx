import { type KeyboardEvent, useId, useRef } from 'react';
import { Segments } from '../ui/segments.tsx';
import { CATALOG_FILES } from './feed-words.ts';
import type { Draft } from './source-draft.ts';

const PLACES = [
  { value: 'url', name: 'Web address' },
  { value: 'file', name: 'File' },
  { value: 'folder', name: 'Folder of pictures' },
] as const;

interface SourceLocationProps {
  draft: Draft;
  problem: string | undefined;
  onChange: (part: Partial<Draft>) => void;
  /** Reads the feed now, at this address or path. */
  onRead: (where: string) => void;
}

/** Where the feed is: a URL, a file, or a folder whose pictures are the products. */
export function SourceLocation({ draft, problem, onChange, onRead }: SourceLocationProps) {
  const id = useId();
  const picker = useRef<HTMLInputElement>(null);
  const take = (where: string) => {
    onChange({ where, mapping: null, format: null, charset: null, imageBase: '' });
    onRead(where);
  };
  const choose = async () => {
    if (draft.place === 'file') picker.current?.click();
    else {
      const folder = await window.lookalike.chooseFolder();
      if (folder !== null) take(folder);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    onRead(draft.where);
  };
  return (
    <div className="editor-row">
      <span id={`${id}-place`}>Where</span>
      <div>
        <Segments
          labelledBy={`${id}-place`}
          options={PLACES}
          value={draft.place}
          onChange={(place) =>
            onChange({ place, where: '', mapping: null, format: null, charset: null, imageBase: '' })
          }
        />
        <div className="editor-line">
          <input
            className="text-input"
            aria-label={PLACES.find(({ value }) => value === draft.place)?.name}
            placeholder={draft.place === 'url' ? 'https://shop.example/products.json' : 'None chosen yet'}
            readOnly={draft.place !== 'url'}
            value={draft.where}
            aria-invalid={problem !== undefined}
            aria-describedby={problem === undefined ? undefined : `${id}-problem`}
            onChange={({ target }) => onChange({ where: target.value })}
            {...(draft.place === 'url' && { onKeyDown })}
          />
          {draft.place === 'url' ? (
            <button type="button" className="button" onClick={() => onRead(draft.where)}>
              Read it
            </button>
          ) : (
            <button type="button" className="button" onClick={() => void choose()}>
              Choose…
            </button>
          )}
        </div>
        {problem !== undefined && (
          <p id={`${id}-problem`} className="label editor-wrong" role="alert">
            {problem}
          </p>
        )}
        <input
          ref={picker}
          type="file"
          hidden
          accept={CATALOG_FILES}
          aria-label="Feed file"
          onChange={({ target }) => {
            const file = target.files?.[0];
            if (file) take(window.lookalike.pathForFile(file));
            target.value = '';
          }}
        />
      </div>
    </div>
  );
}
