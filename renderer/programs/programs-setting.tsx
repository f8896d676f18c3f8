import { useEffect } from 'react';
import { formatCounted } from '../ui/format.ts';
import { followServer, setProgramsOpen, usePrograms } from './programs.ts';
import { ServerLine } from './server-line.tsx';
import './programs.css';

/** Whether other programs may ask, and which. It is one of the settings. */
export function ProgramsSetting() {
  const server = usePrograms((state) => state.server);
  useEffect(followServer, []);
  if (!server) return null;
  const programs = server.clients.length;
  return (
    <>
      <h2>Other programs</h2>
      <ServerLine server={server} />
      <button type="button" className="button" onClick={() => setProgramsOpen(true)}>
        {programs === 0 ? 'Add a program' : formatCounted(programs, 'program')}
      </button>
    </>
  );
}
