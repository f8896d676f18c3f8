import { type FormEvent, useEffect, useId, useState } from 'react';
import type { LookalikeError } from '../../electron/contract/errors.ts';
import { modelMirror } from '../../electron/contract/models.ts';
import { asLookalikeError, engine } from '../engine/client.ts';
import { ErrorNote } from '../ui/note.tsx';
import './mirror-setting.css';

/** The configured mirror; undefined until it is loaded. */
function useMirror() {
  const [url, setUrl] = useState<string | null | undefined>(undefined);
  const [error, setError] = useState<LookalikeError | null>(null);
  const settle = async (answer: Promise<{ url: string | null }>) => {
    try {
      setUrl((await answer).url);
      setError(null);
    } catch (thrown) {
      setError(asLookalikeError(thrown));
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: read once; after that, what was saved is known
  useEffect(() => void settle(engine.modelMirror()), []);
  const save = (next: string | null) =>
    settle(engine.setModelMirror({ url: next }).then(() => ({ url: next })));
  return { url, error, save };
}

const PLACE = 'mirror';

/** Opens the field for a mirror, and puts the keyboard there. */
export function showMirror(): void {
  const place = document.getElementById(PLACE);
  if (!(place instanceof HTMLDetailsElement)) return;
  place.open = true;
  place.scrollIntoView({ block: 'center' });
  place.querySelector('input')?.focus();
}

/** The mirror that models are downloaded from, instead of the app's URLs. For the admin of many stores. */
export function MirrorSetting() {
  const { url, error, save } = useMirror();
  const [text, setText] = useState<string | null>(null);
  const [wrong, setWrong] = useState(false);
  const id = useId();
  const shown = text ?? url ?? '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const next = modelMirror.safeParse({ url: shown.trim() === '' ? null : shown.trim() });
    setWrong(!next.success);
    if (next.success) void save(next.data.url).then(() => setText(null));
  };
  return (
    <section className="models-part" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>Where downloads come from</h2>
      <p className="models-quiet">
        {url === null && 'From the addresses listed with Lookalike.'}
        {url && (
          <>
            From <span className="mirror-url selectable">{url}</span>
          </>
        )}
      </p>
      <details className="mirror" id={PLACE}>
        <summary>{url ? 'Change the mirror' : 'Use a mirror'}</summary>
        <form onSubmit={submit}>
          <label htmlFor={id} className="label">
            Address of a server of yours that holds the same files; each is verified just the same.
          </label>
          <input
            id={id}
            className="text-input"
            placeholder="https://models.example"
            value={shown}
            aria-invalid={wrong}
            aria-describedby={wrong ? `${id}-wrong` : undefined}
            onChange={({ target }) => {
              setText(target.value);
              setWrong(false);
            }}
          />
          {wrong && (
            <p id={`${id}-wrong`} className="label mirror-wrong" role="alert">
              An address starts with https:// or http://
            </p>
          )}
          <div className="mirror-actions">
            <button type="submit" className="button" disabled={text === null || shown.trim() === (url ?? '')}>
              Save
            </button>
            {url && (
              <button
                type="button"
                className="button quiet"
                onClick={() => void save(null).then(() => setText(null))}
              >
                No mirror
              </button>
            )}
          </div>
        </form>
      </details>
      {error && <ErrorNote error={error} />}
    </section>
  );
}
