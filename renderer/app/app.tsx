import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { CatalogScreen } from '../catalog/catalog-screen.tsx';
import { FirstRun } from '../catalog/first-run.tsx';
import { ImportOutcome } from '../catalog/import-outcome.tsx';
import { SampleOffer } from '../catalog/sample-offer.tsx';
import { CompareScreen } from '../compare/compare-screen.tsx';
import { KeySheet } from '../compare/key-sheet.tsx';
import { Connections } from '../connections/connections-panel.tsx';
import { engineState } from '../engine/client.ts';
import { followStatus, useConnection } from '../engine/connection.ts';
import { CameraDialog } from '../match/camera-dialog.tsx';
import { ClearRecents } from '../match/clear-recents.tsx';
import { LearningSetting } from '../match/learning-setting.tsx';
import { setDetailsOpen, useMatch } from '../match/match.ts';
import { MatchScreen } from '../match/match-screen.tsx';
import { PhoneDialog, PhoneLine } from '../match/phone-dialog.tsx';
import { stepQueue } from '../match/photo-queue.ts';
import { cropOf } from '../match/query.ts';
import { clearQuery, matchWords, setCrop } from '../match/query-actions.ts';
import { WatchedLine } from '../match/watched-line.tsx';
import { WatchedSetting } from '../match/watched-setting.tsx';
import { WordsField } from '../match/words-field.tsx';
import { ModelNotices } from '../models/model-notices.tsx';
import { ModelsScreen } from '../models/models-screen.tsx';
import { useToast } from '../page/toast.ts';
import { show, useView, type View } from '../page/view.ts';
import { ProgramsDialog } from '../programs/programs-dialog.tsx';
import { ProgramsSetting } from '../programs/programs-setting.tsx';
import { Settings } from '../settings/settings.tsx';
import { SummonSetting } from '../settings/summon-setting.tsx';
import { Bar } from '../ui/bar.tsx';
import { DropOverlay } from '../ui/drop-overlay.tsx';
import { isTyping } from '../ui/keys.ts';
import { ErrorNote } from '../ui/note.tsx';
import { Shortcuts } from '../ui/shortcuts.tsx';
import { Toast } from '../ui/toast.tsx';
import { useAfter } from '../ui/use-after.ts';
import { UseDialog } from '../use/use-dialog.tsx';
import { UseSetting } from '../use/use-setting.tsx';
import { EngineLine } from './engine-line.tsx';
import { take, useIntake } from './intake.ts';
import { OfferLine } from './offer-line.tsx';
import { dismissRecovery, useRecovery } from './session.ts';
import { Starting } from './starting.tsx';
import { StatusLine } from './status-line.tsx';
import { useScanner } from './use-scanner.ts';
import './app.css';

const VIEWS: readonly [View, string][] = [
  ['match', 'Match'],
  ['compare', 'Compare'],
  ['catalog', 'Catalog'],
  ['models', 'Models'],
];

function TopBar() {
  const view = useView((state) => state.view);
  const hasCatalog = useConnection(({ status }) => (status?.snapshot?.products ?? 0) > 0);
  const [shortcuts, setShortcuts] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === '?' && !isTyping(event.target)) setShortcuts(true);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <header className="top-bar">
      <nav aria-label="Screens">
        {VIEWS.map(([each, name]) => (
          <button
            key={each}
            type="button"
            className="tab"
            aria-current={view === each ? 'page' : undefined}
            onClick={() => show(each)}
          >
            {name}
          </button>
        ))}
      </nav>
      {hasCatalog && <WordsField />}
      {view === 'compare' ? (
        <KeySheet open={shortcuts} onOpenChange={setShortcuts} />
      ) : (
        <Shortcuts open={shortcuts} onOpenChange={setShortcuts} />
      )}
      <Settings>
        <LearningSetting />
        <WatchedSetting />
        <ClearRecents />
        <SummonSetting />
        <ProgramsSetting />
        <UseSetting />
      </Settings>
      <ProgramsDialog />
      <UseDialog onAsk={(text) => matchWords({ text, without: '' })} />
      <CameraDialog />
      <PhoneDialog />
    </header>
  );
}

/** Tells the person that the page crashed and was loaded again. */
function RecoveryLine() {
  const sentence = useRecovery((state) => state.sentence);
  if (sentence === null) return null;
  return (
    <Bar tone="doubt">
      <span>{sentence}</span>
      <button type="button" className="button quiet" onClick={dismissRecovery}>
        OK
      </button>
    </Bar>
  );
}

/** A faster start shows no message. */
const STARTING_AFTER_MS = 400;

function Match({ onBrowse }: { onBrowse: () => void }) {
  const { status, problem } = useConnection();
  // An engine that was given up is not starting; `EngineLine` reports it.
  const starting = useStore(engineState, ({ phase }) => phase !== 'stopped');
  const late = useAfter(!status && !problem && starting, STARTING_AFTER_MS);
  if (problem && !status) {
    return (
      <div className="app-problem">
        <ErrorNote error={problem}>
          <button type="button" className="button" onClick={() => void followStatus()}>
            Try again
          </button>
        </ErrorNote>
      </div>
    );
  }
  if (!status) return late ? <Starting /> : <p className="app-starting" />;
  const hasProducts = status.snapshot !== null && status.snapshot.products > 0;
  return hasProducts ? <MatchScreen onBrowse={onBrowse} news={<ImportOutcome />} /> : <FirstRun />;
}

/** Esc closes one thing at a time: details, crop, query. An element that handled the key itself takes precedence. */
function useEscape(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || useView.getState().view !== 'match') return;
      if (isTyping(event.target)) return;
      const { detailsOpen, query } = useMatch.getState();
      if (detailsOpen) setDetailsOpen(false);
      else if (query?.kind === 'photo' && cropOf(query)) setCrop(null);
      else clearQuery();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

/** Steps through several photos with keys, anywhere on Match. */
function useSteps(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.altKey || useView.getState().view !== 'match' || isTyping(event.target)) return;
      if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
      event.preventDefault();
      event.stopPropagation();
      stepQueue(event.key === 'ArrowLeft' ? -1 : 1);
    };
    // Captured before the grid, which moves among its cards with the arrow keys.
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, []);
}

function Screen({ view, children }: { view: View; children: ReactNode }) {
  // All screens stay mounted, so that they look the same when the person returns.
  const hidden = useView((state) => state.view !== view);
  return (
    <main className="screen" hidden={hidden}>
      {children}
    </main>
  );
}

export function App() {
  const dropWords = useIntake();
  const picker = useRef<HTMLInputElement>(null);
  useEscape();
  useSteps();
  useScanner();
  return (
    <div className="app">
      <TopBar />
      <div className="app-lines">
        <RecoveryLine />
        <EngineLine />
        <ModelNotices />
        <SampleOffer />
        <OfferLine />
        <PhoneLine />
        <WatchedLine />
      </div>
      <div className="app-screens">
        <Screen view="match">
          <Match onBrowse={() => picker.current?.click()} />
        </Screen>
        <Screen view="compare">
          <CompareScreen />
        </Screen>
        <Screen view="catalog">
          <CatalogScreen />
        </Screen>
        <Screen view="models">
          <ModelsScreen />
        </Screen>
      </div>
      <StatusLine>
        <Connections />
      </StatusLine>
      <input
        ref={picker}
        type="file"
        hidden
        multiple
        accept="image/*,.heic,.heif,.tif,.tiff,.avif"
        aria-label="Photo"
        onChange={({ target }) => {
          take(Array.from(target.files ?? []));
          target.value = '';
        }}
      />
      <Toast {...useToast()} />
      {dropWords !== null && <DropOverlay words={dropWords} />}
    </div>
  );
}
