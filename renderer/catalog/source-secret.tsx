import { useId } from 'react';
import { type Draft, originOf } from './source-draft.ts';

interface SourceSecretProps {
  draft: Draft;
  /** The header's name is invalid, or its value could not be stored. */
  problem: string | null;
  onChange: (part: Partial<Draft>) => void;
}

/** A header that the server requires. Its value is stored only in the system's secure storage. */
export function SourceSecret({ draft, problem, onChange }: SourceSecretProps) {
  const id = useId();
  const kept = draft.secretOrigin !== null && draft.secretOrigin === originOf(draft);
  return (
    <div className="editor-row">
      <span>Secret header</span>
      <div>
        <div className="editor-line">
          <input
            className="text-input"
            aria-label="Header name"
            placeholder="None, or e.g. Authorization"
            value={draft.secretHeader}
            aria-invalid={problem !== null}
            aria-describedby={problem === null ? undefined : `${id}-problem`}
            onChange={({ target }) => onChange({ secretHeader: target.value })}
          />
          <input
            type="password"
            className="text-input"
            aria-label="Header value"
            autoComplete="off"
            placeholder={kept ? 'As it was kept' : 'Its value'}
            disabled={draft.secretHeader.trim() === ''}
            value={draft.secret}
            onChange={({ target }) => onChange({ secret: target.value })}
          />
        </div>
        {problem !== null && (
          <p id={`${id}-problem`} className="label editor-wrong" role="alert">
            {problem}
          </p>
        )}
        {draft.secretHeader.trim() !== '' && (
          <p className="label">
            Kept in this system’s secure storage. The source is saved before it is read, so that the value can
            be sent.
          </p>
        )}
      </div>
    </div>
  );
}
