import type { PackFacts, SyncPlan } from '../../electron/contract/publishing.ts';
import { DateTime } from '../ui/ago.tsx';
import { formatCount, formatCounted, formatDuration } from '../ui/format.ts';
import { Note } from '../ui/note.tsx';
import { editSource } from './catalog-pane.ts';
import { ConfirmRemovals } from './confirm-removals.tsx';
import { DiffGroups, DiffSummary, differs } from './diff-groups.tsx';
import { FORMAT_NAMES, sourceAddress } from './feed-words.ts';
import { PaneHead } from './pane-head.tsx';
import { countProblems } from './problem-groups.ts';
import { ProblemList } from './problem-list.tsx';
import { dismissTask, type Feed, syncFeed } from './sync.ts';
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

/** When and by whom a pack was made. */
function PackLine({ pack: { created, signature, signer } }: { pack: PackFacts }) {
  return (
    <p className="plan-facts">
      Made <DateTime time={created} /> ·{' '}
      {signature === 'trusted' && (
        <>
          signed by <bdi>{signer}</bdi>, whom this store trusts
        </>
      )}
      {signature === 'unchecked' && 'signed, but this store has no keys to check by whom'}
      {signature === 'none' && 'not signed'}
    </p>
  );
}

/** The changes that a sync would make, like a diff, and the button that publishes them. */
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
        {plan.format ? FORMAT_NAMES[plan.format] : 'Catalog pack'} · {formatCount(products.before)} →{' '}
        {formatCounted(products.after, 'product')} · {picturesWords(plan)}
      </p>
      {plan.otherProducts > 0 && (
        <p className="plan-facts numbers">
          {plan.otherProducts === 1
            ? 'One product of another source stays as it is.'
            : `${formatCount(plan.otherProducts)} products of other sources stay as they are.`}
        </p>
      )}
      {plan.pack && <PackLine pack={plan.pack} />}
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
          words={`${formatCount(removed.count)} of ${formatCounted(products.before, 'product')} would be removed. ${plan.pack ? 'The pack may be of another catalog.' : 'That is so much that the feed may be broken.'}`}
        />
      )}
      {!changes && !empty && (
        <p className="plan-nothing">
          {plan.pack
            ? 'Nothing would change: the catalog is what the pack holds.'
            : 'Nothing would change: the catalog is what the feed says. Only a sync sees pictures that were replaced under the same address.'}
        </p>
      )}
      <DiffGroups diff={plan} />
      <ProblemList problems={problems} more={plan.moreProblems} title="Broken" name={feed.name} />
    </section>
  );
}
