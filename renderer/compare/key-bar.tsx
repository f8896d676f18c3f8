import { ChevronLeft, ChevronRight, Copy, Crop, FlipHorizontal2, ListX, ZoomIn, ZoomOut } from 'lucide-react';
import type { ReactNode } from 'react';
import { MATCH_NAMES } from '../../electron/contract/match-names.ts';
import { type Command, keyName, keyOf } from '../../electron/contract/review-keys.ts';
import { usePreferences } from '../page/preferences.ts';
import { formatCount, formatShare } from '../ui/format.ts';
import type { Zoom } from '../ui/zoom.ts';
import { setFlipped, useReview } from './in-focus.ts';
import { ariaKey, DECISIONS } from './key-map.ts';
import type { LoadedRows } from './loaded-rows.ts';
import { MatchIcon } from './match-mark.tsx';
import { obey, setCropping } from './review.ts';
import type { ZoomCommand } from './use-review-keys.ts';
import { useRow } from './use-row.ts';
import './key-bar.css';

function useKey(command: Command): { name: string; aria: string } {
  const key = usePreferences(({ reviewKeys }) => keyOf(command, reviewKeys));
  return { name: keyName(key), aria: ariaKey(key) };
}

function DecideButton({ match, decided }: { match: (typeof DECISIONS)[number]; decided: boolean }) {
  const { name, aria } = useKey(match);
  return (
    <button
      type="button"
      className="decide"
      aria-pressed={decided}
      aria-keyshortcuts={aria}
      onClick={() => obey(match)}
    >
      <kbd aria-hidden>{name}</kbd>
      <MatchIcon match={match} />
      {MATCH_NAMES[match]}
    </button>
  );
}

interface ToolProps {
  command: Command;
  label: string;
  pressed?: boolean;
  disabled?: boolean;
  onPress: () => void;
  children: ReactNode;
}

function Tool({ command, label, pressed, disabled = false, onPress, children }: ToolProps) {
  const { name, aria } = useKey(command);
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      aria-keyshortcuts={aria}
      title={`${label} (${name})`}
      disabled={disabled}
      onClick={onPress}
      {...(pressed !== undefined && { 'aria-pressed': pressed })}
    >
      {children}
    </button>
  );
}

/** Shows the candidate in the place of the picture while it is held. */
function FlipButton() {
  const { name, aria } = useKey('flip');
  const flipped = useReview((state) => state.flipped);
  const show = () => setFlipped(true);
  const hide = () => setFlipped(false);
  return (
    <button
      type="button"
      className="icon-button"
      aria-label="Show the candidate in the place of the picture while held"
      aria-keyshortcuts={aria}
      aria-pressed={flipped}
      title={`Hold to show the candidate in the place of the picture (${name})`}
      onPointerDown={show}
      onPointerUp={hide}
      onPointerLeave={hide}
      onKeyDown={({ key }) => (key === ' ' || key === 'Enter') && show()}
      onKeyUp={hide}
      onBlur={hide}
    >
      <FlipHorizontal2 aria-hidden />
    </button>
  );
}

interface KeyBarProps {
  loaded: LoadedRows;
  number: number;
  /** Place in the list, from 1; 0 for a row that is not in it. */
  place: number;
  total: number;
  zoom: Zoom;
  onZoom: (command: ZoomCommand) => void;
}

/** The decisions and tools with their keys, and where one is. Nothing in it moves from row to row. */
export function KeyBar({ loaded, number, place, total, zoom, onZoom }: KeyBarProps) {
  const row = useRow(loaded, number);
  const cropping = useReview((state) => state.cropping);
  const width = `${formatCount(total).length * 2 + 4}ch`;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a press with the mouse leaves the keyboard where it is
    <div className="key-bar" onMouseDown={(event) => event.preventDefault()}>
      <fieldset className="decides">
        <legend className="visually-hidden">Decision</legend>
        {DECISIONS.map((match) => (
          <DecideButton key={match} match={match} decided={row?.decision?.match === match} />
        ))}
      </fieldset>
      <div className="key-bar-place">
        <Tool
          command="previous"
          label="Previous picture"
          disabled={place <= 1}
          onPress={() => obey('previous')}
        >
          <ChevronLeft aria-hidden />
        </Tool>
        <span className="numbers place" style={{ minWidth: width }}>
          {place === 0 ? '–' : formatCount(place)} <span className="label">of {formatCount(total)}</span>
        </span>
        <Tool command="next" label="Next picture" disabled={place >= total} onPress={() => obey('next')}>
          <ChevronRight aria-hidden />
        </Tool>
      </div>
      <div className="key-bar-tools">
        <Tool
          command="reject"
          label="Not this product: do not offer it for this picture again"
          disabled={!row || row.candidates.length === 0}
          onPress={() => obey('reject')}
        >
          <ListX aria-hidden />
        </Tool>
        <FlipButton />
        <Tool
          command="zoomOut"
          label="Zoom both out"
          disabled={zoom.scale <= 1}
          onPress={() => onZoom('zoomOut')}
        >
          <ZoomOut aria-hidden />
        </Tool>
        <span className="label numbers zoom-share">{formatShare(zoom.scale)}</span>
        <Tool command="zoomIn" label="Zoom both in" onPress={() => onZoom('zoomIn')}>
          <ZoomIn aria-hidden />
        </Tool>
        <Tool
          command="crop"
          label="Compare a part of the picture"
          pressed={cropping}
          onPress={() => setCropping(!cropping)}
        >
          <Crop aria-hidden />
        </Tool>
        <Tool command="copy" label="Copy the pair as one picture" onPress={() => obey('copy')}>
          <Copy aria-hidden />
        </Tool>
      </div>
    </div>
  );
}
