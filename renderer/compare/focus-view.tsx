import { type CSSProperties, startTransition, useEffect, useMemo, useRef, useState } from 'react';
import { MATCH_NAMES } from '../../electron/contract/match-names.ts';
import { painted } from '../ui/painted.ts';
import { STEP, useZoom } from '../ui/use-zoom.ts';
import { WHOLE, type Zoom, zoomBy } from '../ui/zoom.ts';
import { CropPanel } from './crop-panel.tsx';
import { FinderButtons, FinderPanel } from './finder.tsx';
import { FocusStage } from './focus-stage.tsx';
import { useReview } from './in-focus.ts';
import { KeyBar } from './key-bar.tsx';
import type { LoadedRows } from './loaded-rows.ts';
import { type Order, rowsAhead } from './look-ahead.ts';
import { setRow, useDocument } from './open-document.ts';
import { rowName } from './row-words.ts';
import { TrustStrip } from './trust-strip.tsx';
import { useReviewKeys, type ZoomCommand } from './use-review-keys.ts';
import { useRow } from './use-row.ts';
import './focus-view.css';

/** Rows that are made ready before they are shown, and rows that are read before that. */
const AHEAD = { ready: 3, read: 24 };

/** Where one is and what is there, for screen readers. */
function Spoken({
  loaded,
  number,
  at,
  total,
}: {
  loaded: LoadedRows;
  number: number;
  at: number;
  total: number;
}) {
  const row = useRow(loaded, number);
  const said = useReview((state) => state.said);
  const chosen = useReview((state) => state.chosen?.title);
  const first = row?.candidates[0];
  const parts = [said, `Picture ${at} of ${total}.`];
  if (row) parts.push(`${rowName(row)}.`);
  if (row?.decision) parts.push(`Decided: ${MATCH_NAMES[row.decision.match]}.`);
  if (chosen) parts.push(`Chosen: ${chosen}.`);
  else if (first) parts.push(`First candidate: ${first.title}.`);
  return (
    <p className="visually-hidden" role="status" aria-live="polite">
      {parts.join(' ')}
    </p>
  );
}

/** The row that was painted last. What is made ready from it never holds up a row that is to be painted. */
function usePainted(row: number | null): number | null {
  const [last, setLast] = useState(row);
  useEffect(() => {
    let isStill = true;
    void painted().then(() => {
      if (isStill) startTransition(() => setLast(row));
    });
    return () => {
      isStill = false;
    };
  }, [row]);
  return last;
}

const ZOOMS: Record<ZoomCommand, (zoom: Zoom) => Zoom> = {
  zoomIn: (zoom) => zoomBy(zoom, STEP),
  zoomOut: (zoom) => zoomBy(zoom, 1 / STEP),
  zoomWhole: () => WHOLE,
};

/** One row at a time, large, decided by keys. The next rows are made ready meanwhile. */
export function FocusView({ order }: { order: Order }) {
  const loaded = useDocument((state) => state.loaded);
  const at = useDocument((state) => state.row);
  const cropping = useReview((state) => state.cropping);
  const finding = useReview((state) => state.finding);
  const flipped = useReview((state) => state.flipped);
  const view = useRef<HTMLElement>(null);
  const frames = useRef<HTMLDivElement>(null);
  const { zoom, setZoom, handlers } = useZoom(frames);
  const row = at ?? order.rows[0] ?? null;
  useEffect(() => {
    if (at === null && row !== null) setRow(row);
  }, [at, row]);
  const onZoom = useMemo(() => (command: ZoomCommand) => setZoom(ZOOMS[command]), [setZoom]);
  useReviewKeys(onZoom);
  useEffect(() => view.current?.focus({ preventScroll: true }), []);
  // The keyboard comes back to the view when what had it is gone: a row's candidate, the crop box, the finder.
  // biome-ignore lint/correctness/useExhaustiveDependencies: these take parts away
  useEffect(() => {
    if (document.activeElement === document.body) view.current?.focus({ preventScroll: true });
  }, [row, cropping, finding]);
  const base = usePainted(row);
  const ahead = useMemo(() => (base === null ? [] : rowsAhead(order, base, AHEAD.ready)), [order, base]);
  const ready = [...new Set([row, base, ...ahead].filter((each) => each !== null))].sort((a, b) => a - b);
  useEffect(() => {
    if (base === null || !loaded) return;
    const cancels = rowsAhead(order, base, AHEAD.read).map((each) => loaded.rows.want(each, () => {}));
    return () => {
      for (const cancel of cancels) cancel();
    };
  }, [order, base, loaded]);
  if (row === null || !loaded)
    return <p className="label document-reading">There is no picture to look at.</p>;
  const place = order.rows.indexOf(row) + 1;
  const zoomed = zoom.scale > 1;
  const style = {
    '--zoom': `translate(${zoom.x * 100}%, ${zoom.y * 100}%) scale(${zoom.scale})`,
  } as CSSProperties;
  return (
    <section className="focus" ref={view} tabIndex={-1} aria-label="Review">
      <div className="focus-body">
        <div
          ref={frames}
          className={`focus-stages ${flipped ? 'is-flipped' : ''} ${zoomed ? 'is-zoomed' : ''}`}
          style={style}
          {...handlers}
        >
          {ready.map((number) => (
            <FocusStage key={number} loaded={loaded} number={number} shown={number === row} />
          ))}
        </div>
        {cropping && <CropPanel loaded={loaded} number={row} />}
        {finding ? <FinderPanel key={row} loaded={loaded} number={row} kind={finding} /> : <FinderButtons />}
      </div>
      <KeyBar
        loaded={loaded}
        number={row}
        place={place}
        total={order.rows.length}
        zoom={zoom}
        onZoom={onZoom}
      />
      <TrustStrip loaded={loaded} number={row} />
      <Spoken loaded={loaded} number={row} at={place} total={order.rows.length} />
    </section>
  );
}
