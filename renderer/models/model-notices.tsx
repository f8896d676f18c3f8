import type { Fault } from '../../electron/contract/faults.ts';
import { useConnection } from '../engine/connection.ts';
import { show, useView, type View } from '../page/view.ts';
import { Bar } from '../ui/bar.tsx';
import { faultSentence, isOfCatalog } from '../ui/sentences.ts';
import { jobWords } from './model-words.ts';
import { isRunning, useModels } from './models.ts';
import { screenOf } from './notice-screen.ts';
import { StarterOffer } from './starter-offer.tsx';

function Show({ screen }: { screen: View }) {
  return (
    <button type="button" className="button" onClick={() => show(screen)}>
      Show
    </button>
  );
}

function ShowWhere({ notice, view }: { notice: Fault; view: View }) {
  const screen = screenOf(notice);
  return screen !== null && screen !== view && <Show screen={screen} />;
}

/** A switch in progress, started here or by another program: tells which model answers meanwhile. */
function Switching() {
  const running = useModels(({ jobs }) =>
    Object.values(jobs).find((job) => isRunning(job) && job.phase === 'running' && job.work === 'use'),
  );
  const target = useConnection((state) => state.status?.switchingTo);
  if (!target) return null;
  const words = jobWords(running);
  return (
    <Bar>
      <span className="numbers">
        Changing to <bdi>{target}</bdi>
        {words?.numbers && `: ${words.numbers}`}
      </span>
      <Show screen="models" />
    </Bar>
  );
}

/** Whether a notice is shown here. Each screen shows its own notices, and kept damaged files are not urgent. */
function isToBeSaid(notice: Fault, view: View): boolean {
  if (!isOfCatalog(notice)) return view !== 'models';
  return view !== 'catalog' && notice.code !== 'CATALOG_SET_ASIDE';
}

/** Notices about models on the other screens: what is used instead of what was set up, a switch, an offer. */
export function ModelNotices() {
  const view = useView((state) => state.view);
  const notices = useConnection((state) => state.status?.notices);
  const shown = notices?.filter((notice) => isToBeSaid(notice, view)) ?? [];
  return (
    <>
      {shown.map((notice) => (
        <Bar key={faultSentence(notice)} tone="doubt">
          <span>{faultSentence(notice)}</span>
          <ShowWhere notice={notice} view={view} />
        </Bar>
      ))}
      {view !== 'models' && <Switching />}
      {view === 'match' && <StarterOffer />}
    </>
  );
}
