import { useId } from 'react';
import { Segments } from '../ui/segments.tsx';
import type { Draft } from './source-draft.ts';

const TIMES = [
  { value: 'asked', name: 'Only when asked' },
  { value: 'hours', name: 'Every few hours' },
] as const;

const DEFAULT_HOURS = 6;
const MOST_HOURS = 168;

interface SourceScheduleProps {
  draft: Draft;
  onChange: (part: Partial<Draft>) => void;
}

/** When the source is synced automatically, while the app runs. */
export function SourceSchedule({ draft, onChange }: SourceScheduleProps) {
  const id = useId();
  const { everyHours, onStart } = draft;
  return (
    <div className="editor-row">
      <span id={id}>Sync</span>
      <div>
        <Segments
          labelledBy={id}
          options={TIMES}
          value={everyHours === null ? 'asked' : 'hours'}
          onChange={(value) => onChange({ everyHours: value === 'asked' ? null : DEFAULT_HOURS })}
        />
        <div className="editor-line">
          {everyHours !== null && (
            <label className="checkbox">
              Every
              <input
                type="number"
                className="text-input editor-hours"
                min={1}
                max={MOST_HOURS}
                value={everyHours}
                onChange={({ target }) => {
                  const hours = Math.round(target.valueAsNumber);
                  if (hours >= 1 && hours <= MOST_HOURS) onChange({ everyHours: hours });
                }}
              />
              hours
            </label>
          )}
          <label className="checkbox">
            <input
              type="checkbox"
              checked={onStart}
              onChange={({ target }) => onChange({ onStart: target.checked })}
            />
            When Lookalike starts
          </label>
        </div>
        {(everyHours !== null || onStart) && (
          <p className="label">
            Publishes by itself while Lookalike is open. If too much would be removed, it holds back.
          </p>
        )}
      </div>
    </div>
  );
}
