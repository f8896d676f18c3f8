import { RotateCcw } from 'lucide-react';
import { Slider } from 'radix-ui';
import { useRef, useState } from 'react';
import { formatShare } from '../ui/format.ts';
import '../ui/slider.css';
import './between.css';

const STEP = 0.05;
const THUMB_PX = 16;

/** The position of the thumb's middle at a value: the thumb stays within the track. */
function middleAt(value: number): string {
  return `calc(${value * 100}% + ${(0.5 - value) * THUMB_PX}px)`;
}

interface BetweenProps {
  /** The labels of the left end (0) and the right end (1). */
  ends: readonly [string, string];
  value: number;
  /** The default value, which is marked. */
  usual: number;
  /** Called when the mouse or the key is released, not during the move. */
  onChange: (value: number) => void;
  /** The button that resets a changed value: its name and its action. */
  back: { name: string; go: () => void } | null;
}

/** A slider for the weights of two things. */
export function Between({ ends: [from, to], value, usual, onChange, back }: BetweenProps) {
  const [draft, setDraft] = useState<number | null>(null);
  const thumb = useRef<HTMLSpanElement>(null);
  const shown = draft ?? value;
  return (
    <div className="between">
      <span className="label" aria-hidden>
        {from}
      </span>
      <Slider.Root
        className="slider"
        min={0}
        max={1}
        step={STEP}
        value={[shown]}
        onValueChange={([next]) => setDraft(next ?? null)}
        onValueCommit={([next]) => {
          setDraft(null);
          if (next !== undefined) onChange(next);
        }}
      >
        <Slider.Track className="slider-track">
          <span className="between-usual" style={{ left: middleAt(usual) }} />
        </Slider.Track>
        <Slider.Thumb
          ref={thumb}
          className="slider-thumb"
          aria-label={`${from} or ${to.toLowerCase()}`}
          aria-valuetext={`${to} ${formatShare(shown)}`}
          title={`${to} ${formatShare(shown)}`}
        />
      </Slider.Root>
      <span className="label" aria-hidden>
        {to}
      </span>
      {back && (
        <button
          type="button"
          className="icon-button"
          aria-label={back.name}
          title={back.name}
          onClick={() => {
            back.go();
            // The button disappears, and the focus must not be lost with it.
            thumb.current?.focus();
          }}
        >
          <RotateCcw aria-hidden />
        </button>
      )}
    </div>
  );
}
