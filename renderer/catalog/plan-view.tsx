import type { SyncPlan } from '../../electron/contract/publishing.ts';
import { editSource } from '../store/catalog-pane.ts';
import { dismissTask, type Feed, syncFeed } from '../store/sync.ts';
import { formatCount, formatCounted, formatDuration } from '../ui/format.ts';
import { Note } from '../ui/note.tsx';
import { ConfirmRemovals } from './confirm-removals.tsx';
import { DiffGroups, DiffSummary, differs } from './diff-groups.tsx';
import { FORMAT_NAMES, sourceAddress } from './feed-words.ts';
import { PaneHead } from './pane-head.tsx';
import { countProblems } from './problem-groups.ts';
import { ProblemList } from './problem-list.tsx';
import './plan-view.css';

function picturesWords({ pictures, secondsEstimate }: SyncPlan): string {
  const known = `${formatCount(pictures.known)} known`;
  if (pictures.toFetch === 0) return `No picture to fetch, ${known}`;
  const time = secondsEstimate === null ? '' : `, about ${formatDuration(secondsEstimate)}`;
  return `${formatCounted(pictures.toFetch, 'picture')} to fetch${time}; ${known}`;
}

function PutAway() {
  return (
    <button type="button" className="button quiet" onClick={dismissTask}>
      Not now
    </button>
  );
}

/** What a sync would change, read like a diff, and the button that does it. */
export function PlanView({ feed, plan }: { feed: Feed; plan: SyncPlan }) {
  const { products, removed, problems, needsConfirmation } = plan;
  const saved = feed.request.sourceId != null;
  const empty = products.after === 0;
  const changes = !empty && differs(plan);
  return (
    <section className="plan" aria-label="Dry run">
      <PaneHead
        title={
          <>
            What <bdi>{feed.name}</bdi> would change
          </>
        }
      >
        {!saved && feed.request.source.kind !== 'sample' && (
          <button type="button" className="button quiet" onClick={() => editSource(feed.request)}>
            Keep as a source…
          </button>
        )}
        <PutAway />
        {!needsConfirmation && !empty && (
          <button
            type="button"
            className={`button ${changes ? 'primary' : ''}`}
            onClick={() => void syncFeed(feed)}
          >
            {changes ? 'Publish' : 'Sync anyway'}
          </button>
        )}
      </PaneHead>
      <p className="plan-facts numbers" role="status">
        {FORMAT_NAMES[plan.format]} · {formatCount(products.before)} →{' '}
        {formatCounted(products.after, 'product')} · {picturesWords(plan)}
      </p>
      <p className="label selectable plan-source" title={plan.source}>
        {sourceAddress(feed.request.source)}
      </p>
      <DiffSummary diff={plan} unchanged={plan.unchanged} broken={countProblems(plan)} />
      {empty && (
        <Note tone="doubt">
          No product of the feed could be used, so the catalog stays as it is.
          {problems.length > 0 && ' The reasons are below.'}
        </Note>
      )}
      {needsConfirmation && !empty && (
        <ConfirmRemovals
          feed={feed}
          removed={removed.count}
          words={`${formatCount(removed.count)} of ${formatCounted(products.before, 'product')} would be removed. That is so much that the feed may be broken.`}
        />
      )}
      {!changes && !empty && (
        <p className="plan-nothing">
          Nothing would change: the catalog is what the feed says. Only a sync sees pictures that were
          replaced under the same address.
        </p>
      )}
      <DiffGroups diff={plan} />
      <ProblemList problems={problems} more={plan.moreProblems} title="Broken" name={feed.name} />
    </section>
  );
}

/** A pack is a whole catalog: there is nothing to read first, only to say yes. */
export function PackOffer({ feed }: { feed: Feed }) {
  return (
    <section className="plan" aria-label="Import a pack">
      <PaneHead
        title={
          <>
            Import <bdi>{feed.name}</bdi>?
          </>
        }
      >
        <PutAway />
        <button type="button" className="button primary" onClick={() => void syncFeed(feed)}>
          Import
        </button>
      </PaneHead>
      <p className="label selectable plan-source">{sourceAddress(feed.request.source)}</p>
      <Note tone="plain">
        A catalog pack replaces the whole catalog at once. It is checked first; you can roll back to what is
        published now.
      </Note>
    </section>
  );
}
