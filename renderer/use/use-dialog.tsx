import { lazy, Suspense, useEffect, useState } from 'react';
import type { Use } from '../../electron/contract/use.ts';
import { show } from '../page/view.ts';
import { Dialog } from '../ui/dialog.tsx';
import { formatCount, formatCounted, formatShare } from '../ui/format.ts';
import { forgetUse, readUse, setUseOpen, useUse } from './use.ts';
import { totalsOf } from './use-figures.ts';
import './use.css';

// Plots are read when they are looked at.
const UsePlots = lazy(() => import('./use-plots.tsx'));

interface UseDialogProps {
  /** Searches for words. */
  onAsk: (words: string) => void;
}

/** How this machine is used: an overview in figures and plots. */
export function UseDialog({ onAsk }: UseDialogProps) {
  const open = useUse((state) => state.open);
  return (
    <Dialog open={open} onOpenChange={setUseOpen} title="How Lookalike is used here" className="use">
      <Overview onAsk={onAsk} />
    </Dialog>
  );
}

function Overview({ onAsk }: UseDialogProps) {
  const use = useUse((state) => state.use);
  useEffect(() => void readUse(), []);
  if (!use) return null;
  const isEmpty = use.days.length === 0 && use.months.length === 0;
  return (
    <>
      {isEmpty ? (
        <p className="use-empty">
          {use.on
            ? 'Nothing was asked yet. Drop a photo on the window: it is the first that counts.'
            : 'Questions are not counted. The settings switch that on.'}
        </p>
      ) : (
        <>
          <Figures use={use} />
          <Suspense fallback={<p className="use-empty">Drawing…</p>}>
            <UsePlots use={use} />
          </Suspense>
          <FoundNothing use={use} onAsk={onAsk} />
        </>
      )}
      <footer className="use-foot">
        <p className="label">
          Counted on this computer, and sent nowhere. Photos are not kept for it
          {use.on ? '.' : '. Counting is off.'}
          {use.months.length > 0 &&
            ' What was confirmed is part of what this machine has learned, and is forgotten in the settings.'}
        </p>
        {use.days.length > 0 && <Forget />}
      </footer>
    </>
  );
}

function Figures({ use }: { use: Use }) {
  const { photos, unmatched, words, programs, confirmed, first } = totalsOf(use);
  const { waits } = use;
  return (
    <dl className="use-figures">
      <Figure
        name="Photos"
        value={formatCount(photos)}
        note={photos > 0 ? `${formatShare(unmatched / photos)} without a good match` : ''}
      />
      <Figure name="Words" value={formatCount(words)} note="questions typed" />
      {programs > 0 && <Figure name="Programs" value={formatCount(programs)} note="questions over HTTP" />}
      <Figure
        name="Right at once"
        value={confirmed > 0 ? formatShare(first / confirmed) : '–'}
        note={
          confirmed > 0
            ? `of ${formatCounted(confirmed, 'confirmed photo')}`
            : '“This is it” on a result tells'
        }
      />
      <Figure
        name="First results after"
        value={waits ? formatWait(waits.p50) : '–'}
        note={waits ? `95 of 100 within ${formatWait(waits.p95)}` : 'no photo yet'}
      />
    </dl>
  );
}

function Figure({ name, value, note }: { name: string; value: string; note: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <strong className="numbers">{value}</strong>
        <span className="label numbers">{note}</span>
      </dd>
    </div>
  );
}

/** "95 ms", "1.4 s". */
function formatWait(ms: number): string {
  return ms < 1000 ? `${formatCount(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function FoundNothing({ use: { foundNothing }, onAsk }: { use: Use } & UseDialogProps) {
  if (foundNothing.length === 0) return null;
  const again = (words: string) => {
    setUseOpen(false);
    show('match');
    onAsk(words);
  };
  return (
    <section aria-labelledby="found-nothing">
      <h3 id="found-nothing">Words that found nothing</h3>
      <p className="label">Customers ask for these. A press asks again: the catalog may have them by now.</p>
      <ul className="use-words">
        {foundNothing.map(({ words, times }) => (
          <li key={words}>
            <button type="button" className="button" onClick={() => again(words)}>
              <bdi>{words}</bdi>
              {times > 1 && <span className="label numbers">{formatCount(times)}×</span>}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Forget() {
  const [sure, setSure] = useState(false);
  return (
    <button
      type="button"
      className={sure ? 'button loss' : 'button quiet'}
      onBlur={() => setSure(false)}
      onClick={() => {
        if (sure) void forgetUse();
        setSure(!sure);
      }}
    >
      {sure ? 'Forget what was counted' : 'Forget…'}
    </button>
  );
}
