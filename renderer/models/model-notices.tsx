import { noticeSentence } from '../sentences.ts';
import { useConnection } from '../store/connection.ts';
import { isRunning, useModels } from '../store/models.ts';
import { show, useView } from '../store/view.ts';
import { Bar } from '../ui/bar.tsx';
import { jobWords } from './model-words.ts';
import { StarterOffer } from './starter-offer.tsx';

function ToModels() {
  return (
    <button type="button" className="button" onClick={() => show('models')}>
      Show
    </button>
  );
}

/** The switch under way, here or by another program; whoever matches meanwhile should know what answers. */
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
      <ToModels />
    </Bar>
  );
}

/** What is to be said about models on the other screens: what stands in for what was set up, a switch, an offer. */
export function ModelNotices() {
  const view = useView((state) => state.view);
  const notices = useConnection((state) => state.status?.notices);
  if (view === 'models') return null;
  return (
    <>
      {notices?.map((notice) => (
        <Bar key={noticeSentence(notice)} tone="doubt">
          <span>{noticeSentence(notice)}</span>
          <ToModels />
        </Bar>
      ))}
      <Switching />
      {view === 'match' && <StarterOffer />}
    </>
  );
}
