import { CircleAlert, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { LookalikeError } from '../../electron/contract/errors.ts';
import type { FaultCode } from '../../electron/contract/faults.ts';
import { faultSentence } from './sentences.ts';
import './note.css';

/** What to do next, for faults whose sentence does not say it. */
const NEXT_STEP: Partial<Record<FaultCode, string>> = {
  IMAGE_UNREADABLE: 'Try another copy of it, or take a screenshot and paste that.',
  IMAGE_TOO_LARGE: 'Save it smaller, or take a screenshot and paste that.',
  IMAGE_TOO_SLOW: 'Save it smaller, or take a screenshot and paste that.',
  MODEL_SPACE: 'Make room, or remove a model that is not used.',
  MODEL_UNVERIFIABLE: 'Get its files from someone you trust, and install it from there.',
  FEED_UNREACHABLE: 'Check the address and the connection, then try again.',
  CATALOG_UNREADABLE: 'Check that its folder is there and that you may read it, then try again.',
  STORAGE_FAILED: 'Then try again: what was finished is kept.',
  SECRET_UNAVAILABLE: 'Edit the source to do so.',
  ENGINE_STOPPED: 'What was finished is kept.',
  CROP_INVALID: 'Reset the crop and draw it again.',
  INTERNAL: 'Try again. If it happens again, restart Lookalike.',
};

interface ErrorNoteProps {
  error: LookalikeError;
  /** What the error is about, as the person knows it. */
  item?: string | undefined;
  children?: ReactNode;
}

/** An error at the place where it happened: the error, its item, and what to do next. */
export function ErrorNote({ error, item = error.item, children }: ErrorNoteProps) {
  const next = NEXT_STEP[error.code];
  const sentence = faultSentence(error.fault);
  return (
    <div className="note note-error" role="alert" data-code={error.code}>
      <CircleAlert aria-hidden />
      <div className="note-words selectable">
        <p>
          <strong>{sentence}</strong> {next}
        </p>
        {item && !sentence.includes(item) && <p className="label note-item">{item}</p>}
        {children && <div className="note-actions">{children}</div>}
      </div>
    </div>
  );
}

interface NoteProps {
  children: ReactNode;
  tone: 'doubt' | 'plain';
  actions?: ReactNode;
}

/** Information that is not an error. */
export function Note({ children, tone, actions }: NoteProps) {
  return (
    <div className={`note note-${tone}`} role="status">
      {tone === 'doubt' && <TriangleAlert aria-hidden />}
      <div className="note-words">
        <p>{children}</p>
        {actions && <div className="note-actions">{actions}</div>}
      </div>
    </div>
  );
}
