import { Download, ShieldCheck, Trash2 } from 'lucide-react';
import { type FocusEvent, useEffect, useRef, useState } from 'react';
import type { ModelState } from '../../electron/contract/models.ts';
import { ModelJob } from './model-job.tsx';
import { AskRemove, AskUse } from './model-questions.tsx';
import { factsOf, standingOf, verifiedWords } from './model-words.ts';
import { download, isRunning, useModels, verify } from './models.ts';
import './model-row.css';

type Question = 'use' | 'remove';

interface ActionsProps {
  model: ModelState;
  /** Whether it is the model to install now. */
  wanted: boolean;
  onAsk: (question: Question) => void;
}

function Actions({ model, wanted, onAsk }: ActionsProps) {
  const { id, name, kind, installed, inUse, downloadable, bytesHere, removable } = model;
  const partial = !installed && bytesHere > 0;
  return (
    <div className="model-actions">
      {installed && (
        <button
          type="button"
          className="icon-button model-quiet"
          aria-label={`Verify ${name}`}
          title="Verify: read every byte again"
          onClick={() => void verify(id)}
        >
          <ShieldCheck aria-hidden />
        </button>
      )}
      {removable && (installed || partial) && (
        <button
          type="button"
          className="icon-button model-quiet"
          aria-label={`${partial ? 'Discard the download of' : 'Remove'} ${name}`}
          title={partial ? 'Discard what was downloaded' : 'Remove'}
          onClick={() => onAsk('remove')}
        >
          <Trash2 aria-hidden />
        </button>
      )}
      {!installed && downloadable && (
        <button
          type="button"
          className={`button ${wanted ? 'primary' : ''}`}
          aria-label={`${partial ? 'Resume' : 'Download'} ${name}`}
          onClick={() => void download(id)}
        >
          <Download aria-hidden /> {partial ? 'Resume' : 'Download'}
        </button>
      )}
      {installed && !inUse && kind === 'embedder' && (
        <button
          type="button"
          className={`button ${wanted ? 'primary' : ''}`}
          aria-label={`Use ${name}`}
          onClick={() => onAsk('use')}
        >
          Use…
        </button>
      )}
    </div>
  );
}

/** Keeps the focus in a row whose button has disappeared because its task started or ended. */
function useKeptFocus(changed: unknown) {
  const row = useRef<HTMLLIElement>(null);
  const within = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: to be looked at whenever the row's buttons change
  useEffect(() => {
    if (within.current && document.activeElement === document.body) row.current?.focus();
  }, [changed]);
  return {
    ref: row,
    tabIndex: -1,
    onFocus: () => {
      within.current = true;
    },
    onBlur: ({ relatedTarget }: FocusEvent) => {
      if (relatedTarget) within.current = false;
    },
  };
}

interface ModelRowProps {
  model: ModelState;
  recommended: boolean;
  wanted: boolean;
}

/** One model: its purpose, how much of it is installed, and its actions. */
export function ModelRow({ model, recommended, wanted }: ModelRowProps) {
  const { id, name, summary, licence } = model;
  const busy = useModels(({ jobs }) => isRunning(jobs[id]));
  const [asked, setAsked] = useState<Question | null>(null);
  const { tone, words } = standingOf(model);
  const standing = [tone === 'in-use' ? '' : words, verifiedWords(model)].filter(Boolean).join(' · ');
  const answered = () => setAsked(null);
  const focus = useKeptFocus(`${busy} ${asked}`);
  return (
    <li className={`model is-${tone}`} aria-labelledby={`model-${id}`} {...focus}>
      <header className="model-head">
        <h3 id={`model-${id}`}>
          <bdi>{name}</bdi>
        </h3>
        {tone === 'in-use' && <span className="model-in-use">In use</span>}
        {recommended && <span className="model-recommended label">Recommended</span>}
      </header>
      {!busy && !asked && <Actions model={model} wanted={wanted} onAsk={setAsked} />}
      <div className="model-words">
        <p>{summary}</p>
        <p className="label numbers model-facts">
          {factsOf(model).map((fact, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: facts have fixed places, an unknown one an empty place
            <span key={place}>{fact}</span>
          ))}
          <span>{licence}</span>
        </p>
        {!busy && tone !== 'none' && <p className="label numbers model-standing">{standing}</p>}
      </div>
      <div className="model-below">
        {asked === 'use' && <AskUse model={model} onAnswered={answered} />}
        {asked === 'remove' && <AskRemove model={model} onAnswered={answered} />}
        <ModelJob model={model} />
      </div>
    </li>
  );
}
