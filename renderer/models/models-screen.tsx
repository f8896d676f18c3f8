import type { ModelState } from '../../electron/contract/models.ts';
import { useConnection } from '../engine/connection.ts';
import { formatCounted } from '../ui/format.ts';
import { ErrorNote, Note } from '../ui/note.tsx';
import { faultSentence, isOfCatalog } from '../ui/sentences.ts';
import { useAfter } from '../ui/use-after.ts';
import { InstallFrom } from './install-from.tsx';
import { MirrorSetting } from './mirror-setting.tsx';
import { ModelRow } from './model-row.tsx';
import { ModelSources } from './model-sources.tsx';
import { isApart, recommended } from './model-words.ts';
import { useModels } from './models.ts';
import { ProviderList } from './provider-list.tsx';
import './models-screen.css';

/** A faster answer shows no message. */
const READING_AFTER_MS = 400;

function Lists() {
  const { models, error } = useModels();
  const starter = useConnection((state) => state.status?.model.tier === 'starter');
  const late = useAfter(!models && !error, READING_AFTER_MS);
  if (!models)
    return error ? <ErrorNote error={error} /> : <p className="label">{late && 'Reading the list…'}</p>;
  const best = recommended(models);
  const rows = (chosen: readonly ModelState[]) =>
    chosen.map((model) => (
      <ModelRow
        key={model.id}
        model={model}
        recommended={model === best}
        wanted={starter && model === best}
      />
    ));
  const embedders = models.filter(({ kind }) => kind === 'embedder');
  const apart = embedders.filter(isApart);
  const subjects = rows(models.filter(({ kind }) => kind === 'subject'));
  return (
    <>
      {error && <ErrorNote error={error} />}
      <h2>Compares pictures</h2>
      <ul aria-label="Models that compare pictures">
        {rows(embedders.filter((model) => !apart.includes(model)))}
      </ul>
      {apart.length > 0 && (
        <details className="models-more">
          <summary>{formatCounted(apart.length, 'more model')}</summary>
          <ul aria-label="More models that compare pictures">{rows(apart)}</ul>
        </details>
      )}
      <ModelSources models={embedders} />
      <InstallFrom />
      {subjects.length > 0 && (
        <>
          <h2>Finds the product in the photo</h2>
          <ul aria-label="Models that find the product in the photo">{subjects}</ul>
        </>
      )}
    </>
  );
}

/** The model in use, the other models, and the providers. */
export function ModelsScreen() {
  const notices = useConnection((state) => state.status?.notices);
  return (
    <div className="models">
      <div className="models-main">
        <h1>Models</h1>
        <p className="models-lead">
          A model turns each picture into numbers that can be compared. The better it knows what you sell, the
          better the matches. Take the recommended one if you sell clothes; each line says whom another one is
          for. It runs on this machine.
        </p>
        {notices
          ?.filter((notice) => !isOfCatalog(notice))
          .map((notice) => (
            <Note key={faultSentence(notice)} tone="doubt">
              {faultSentence(notice)}
            </Note>
          ))}
        <Lists />
      </div>
      <aside className="models-side" aria-label="How models run">
        <ProviderList />
        <MirrorSetting />
      </aside>
    </div>
  );
}
