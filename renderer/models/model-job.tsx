import type { ModelState } from '../../electron/contract/models.ts';
import { engineState, restartEngine } from '../engine/client.ts';
import { useConnection } from '../engine/connection.ts';
import { ErrorNote, Note } from '../ui/note.tsx';
import { PhaseBar } from '../ui/phase-bar.tsx';
import { againWords, jobWords, spokenProgress, verifiedWords } from './model-words.ts';
import { dismissJob, download, type Job, remove, stop, switchTo, useModels, verify } from './models.ts';
import { FilesToBring, OtherWays } from './other-ways.tsx';

/** The progress of a task, also for screen readers, with a button to stop it. @param id of the model, or `FROM_PATH` */
export function RunningJob({ id, name, job }: { id: string; name: string; job: Job }) {
  const answering = useConnection((state) => state.status?.model.name);
  const words = jobWords(job);
  if (!words || job.phase !== 'running') return null;
  const paused = job.work === 'install' && job.progress?.phase === 'downloading';
  return (
    <div className="model-job">
      <PhaseBar share={words.share} label={`${words.work}: ${name}`} />
      <p className="label numbers">
        {words.work}
        {words.numbers && ` · ${words.numbers}`}
      </p>
      {job.work !== 'remove' && (
        <button type="button" className="button" onClick={() => stop(id)}>
          {paused ? 'Pause' : 'Cancel'}
        </button>
      )}
      {job.work === 'use' && (
        <p className="label model-meanwhile">Match still answers with {answering} until that is done.</p>
      )}
    </div>
  );
}

function again(work: Extract<Job, { phase: 'failed' }>['work'], model: ModelState): void {
  if (engineState.getState().phase === 'stopped') restartEngine();
  if (work === 'install') void download(model.id);
  if (work === 'verify') void verify(model.id);
  if (work === 'use') void switchTo(model);
  if (work === 'remove') void remove(model.id);
}

/** The running task of a model, or its result if that needs a message. */
export function ModelJob({ model }: { model: ModelState }) {
  const { id, name } = model;
  const job = useModels((state) => state.jobs[id]);
  const unreached = job?.phase === 'failed' && job.error.code === 'MODEL_DOWNLOAD_FAILED';
  const close = (
    <button type="button" className="button quiet" onClick={() => dismissJob(id)}>
      Close
    </button>
  );
  return (
    <>
      <p className="visually-hidden" role="status">
        {spokenProgress(name, job)}
      </p>
      {job?.phase === 'running' && <RunningJob id={id} name={name} job={job} />}
      {job?.phase === 'verified' && (
        <Note tone="plain" actions={close}>
          Every byte was read again. {verifiedWords(model)}.
        </Note>
      )}
      {job?.phase === 'failed' && (
        <ErrorNote error={job.error}>
          <button type="button" className="button" onClick={() => again(job.work, model)}>
            {againWords(job.work, model)}
          </button>
          {unreached && <OtherWays />}
          {close}
          {unreached && <FilesToBring model={model} />}
        </ErrorNote>
      )}
    </>
  );
}
