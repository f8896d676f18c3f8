import { type FormEvent, useId, useState } from 'react';
import type { LookalikeError } from '../../electron/contract/errors.ts';
import type { FeedRequest, Source } from '../../electron/contract/publishing.ts';
import { asLookalikeError } from '../engine/client.ts';
import { ErrorNote } from '../ui/note.tsx';
import { faultSentence } from '../ui/sentences.ts';
import { openPane } from './catalog-pane.ts';
import { FeedReading } from './feed-reading.tsx';
import { isPack, sourceName } from './feed-words.ts';
import { PaneHead } from './pane-head.tsx';
import { type Draft, draftProblems, imageBaseOf, locationOf, originOf, sourceOf } from './source-draft.ts';
import { SourceLocation } from './source-location.tsx';
import { SourceSchedule } from './source-schedule.tsx';
import { SourceSecret } from './source-secret.tsx';
import { saveSource, useSources } from './sources.ts';
import { isBusy, planFeed, useSync } from './sync.ts';
import { useInspection } from './use-inspection.ts';
import './source-editor.css';

type Secret = Parameters<typeof window.lookalike.saveSecret>[1];

/** The secret to store: the typed one, null to delete it, or undefined to leave it. */
function secretOf(draft: Draft): Secret | undefined {
  const origin = originOf(draft);
  if (origin === null || draft.secretHeader.trim() === '') return draft.id === null ? undefined : null;
  return draft.secret === '' ? undefined : { origin, value: draft.secret };
}

/** Why the secret could not be stored, as a sentence; null when it was. */
async function keepSecret(id: string, secret: Secret | undefined): Promise<string | null> {
  if (secret === undefined) return null;
  try {
    const fault = await window.lookalike.saveSecret(id, secret);
    return fault && faultSentence(fault);
  } catch (error) {
    return faultSentence(asLookalikeError(error).fault);
  }
}

/** The request for reading the feed; null until the person starts it. */
function requestOf(draft: Draft, asked: string | null): FeedRequest | null {
  const source = locationOf(draft);
  if (!source || asked !== draft.where || isPack(source)) return null;
  const format = draft.place === 'folder' ? 'folder' : draft.format;
  const { mapping, charset, id } = draft;
  return { source, format, mapping, charset, imageBase: imageBaseOf(draft), sourceId: id };
}

/** Creates or edits a source: where it is, how it is read, and when. */
export function SourceEditor({ initial }: { initial: Draft }) {
  const [draft, setDraft] = useState(initial);
  const [asked, setAsked] = useState<string | null>(initial.where || null);
  const [attempt, setAttempt] = useState(0);
  const [checked, setChecked] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const [error, setError] = useState<LookalikeError | null>(null);
  const busy = useSync(({ task }) => isBusy(task));
  const inspection = useInspection(requestOf(draft, asked), attempt);
  const problems = checked ? draftProblems(draft) : {};
  const change = (part: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...part }));
    // The error concerned the previous header.
    if (part.secretHeader !== undefined) setRefused(null);
  };
  const location = locationOf(draft);

  const save = async (): Promise<Source | null> => {
    setChecked(true);
    setError(null);
    const taken = useSources.getState().sources?.map(({ source }) => source.id) ?? [];
    const source = sourceOf(draft, taken, inspection.found?.mapping);
    if (!source) return null;
    // The secret is stored first: a source without its secret would fail at every sync.
    const refused = await keepSecret(source.id, secretOf(draft));
    setRefused(refused);
    if (refused !== null) return null;
    try {
      await saveSource(source);
    } catch (failure) {
      setError(asLookalikeError(failure));
      return null;
    }
    change({ id: source.id, secret: '', secretOrigin: originOf(draft) });
    return source;
  };

  /** Reads the feed at the draft's address, or at `where`. */
  const read = async (where = draft.where) => {
    setChecked(true);
    // A secret is sent only for a saved source.
    if (draft.secretHeader !== '' && (draft.id === null || draft.secret !== '') && !(await save())) return;
    setAsked(where);
    setAttempt((before) => before + 1);
  };

  const saveAndClose = async (event: FormEvent) => {
    event.preventDefault();
    if (await save()) openPane({ kind: 'sync' });
  };

  const saveAndPlan = async () => {
    const source = await save();
    if (!source) return;
    const { id, name, location: place, format, mapping, charset = null, imageBase = null } = source;
    const how = { format, mapping, charset, imageBase, sourceId: id };
    const feed = { name, request: { source: place, ...how } };
    void planFeed(feed);
  };

  return (
    <form className="editor" aria-label="Source" onSubmit={(event) => void saveAndClose(event)}>
      <PaneHead title={initial.id === null ? 'Add a source' : `Edit ${initial.name}`}>
        <button type="button" className="button quiet" onClick={() => openPane({ kind: 'sync' })}>
          Cancel
        </button>
        <button type="button" className="button" disabled={busy} onClick={() => void saveAndPlan()}>
          Save and check
        </button>
        <button type="submit" className="button primary">
          Save
        </button>
      </PaneHead>
      {error && <ErrorNote error={error} />}
      <SourceLocation draft={draft} problem={problems.where} onChange={change} onRead={read} />
      {draft.place === 'url' && (
        <SourceSecret draft={draft} problem={problems.secretHeader ?? refused} onChange={change} />
      )}
      <Name
        value={draft.name}
        placeholder={location ? sourceName(location) : 'Autumn collection'}
        onChange={(name) => change({ name })}
      />
      <SourceSchedule draft={draft} onChange={change} />
      {location && isPack(location) ? (
        <p className="label editor-section">
          A catalog pack brings its pictures and what was seen in them: there is nothing to map.
        </p>
      ) : (
        <FeedReading draft={draft} inspection={inspection} onChange={change} onRead={() => void read()} />
      )}
    </form>
  );
}

interface NameProps {
  value: string;
  placeholder: string;
  onChange: (name: string) => void;
}

function Name({ value, placeholder, onChange }: NameProps) {
  const id = useId();
  return (
    <div className="editor-row">
      <label htmlFor={id}>Name</label>
      <input
        id={id}
        className="text-input"
        maxLength={80}
        value={value}
        placeholder={placeholder}
        onChange={({ target }) => onChange(target.value)}
      />
    </div>
  );
}
