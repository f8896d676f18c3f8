import { FolderOpen } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { ErrorNote } from '../ui/note.tsx';
import { RunningJob } from './model-job.tsx';
import { spokenProgress } from './model-words.ts';
import { dismissJob, FROM_PATH, installFrom, installFromFolder, isRunning, useModels } from './models.ts';
import './install-from.css';

/** Installs a model from a USB stick, or a company's own model: from its folder, or from its file if the app lists it. */
export function InstallFrom() {
  const job = useModels(({ jobs }) => jobs[FROM_PATH]);
  const path = useModels((state) => state.path);
  const picker = useRef<HTMLInputElement>(null);
  const section = useRef<HTMLElement>(null);
  // A file that is dropped at the top of the list is reported at its end.
  const phase = job?.phase;
  useEffect(() => {
    if (phase) section.current?.scrollIntoView({ block: 'nearest' });
  }, [phase]);
  const name = path?.split(/[/\\]/).at(-1) ?? '';
  return (
    <section ref={section} className="install-from" aria-labelledby="install-from">
      <div className="install-from-words">
        <h3 id="install-from">From this computer or a stick</h3>
        <p className="label">
          The files of a model listed here, or a model of your own: its folder with a model.json. Drop it
          anywhere on this screen, or choose it.
        </p>
      </div>
      <div className="install-from-actions">
        <button
          type="button"
          className="button"
          disabled={isRunning(job)}
          onClick={() => void installFromFolder()}
        >
          <FolderOpen aria-hidden /> Folder…
        </button>
        <button
          type="button"
          className="button"
          disabled={isRunning(job)}
          onClick={() => picker.current?.click()}
        >
          File…
        </button>
        <input
          ref={picker}
          type="file"
          hidden
          accept=".onnx,.json"
          aria-label="Model file"
          onChange={({ target }) => {
            const file = target.files?.[0];
            if (file) void installFrom(window.lookalike.pathForFile(file));
            target.value = '';
          }}
        />
      </div>
      <p className="visually-hidden" role="status">
        {spokenProgress(name, job)}
      </p>
      {job?.phase === 'running' && <RunningJob id={FROM_PATH} name={name} job={job} />}
      {job?.phase === 'failed' && (
        <ErrorNote error={job.error}>
          {path !== null && (
            <button type="button" className="button" onClick={() => void installFrom(path)}>
              Try again
            </button>
          )}
          <button type="button" className="button quiet" onClick={() => dismissJob(FROM_PATH)}>
            Close
          </button>
        </ErrorNote>
      )}
    </section>
  );
}
