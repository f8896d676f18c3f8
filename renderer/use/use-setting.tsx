import { useEffect } from 'react';
import { Switch } from '../ui/switch.tsx';
import { readUse, setUseOpen, switchUse, useUse } from './use.ts';

/** Whether use is counted, and how it looks. It is one of the settings. */
export function UseSetting() {
  const on = useUse(({ use }) => use?.on);
  useEffect(() => void readUse(), []);
  if (on === undefined) return null;
  return (
    <>
      <h2>How it is used</h2>
      <Switch name="Count questions" checked={on} onChange={(next) => void switchUse(next)} />
      <p className="label">
        How many, how long they took, and which words found nothing. On this computer only.
      </p>
      <button type="button" className="button" onClick={() => setUseOpen(true)}>
        Show it…
      </button>
    </>
  );
}
