import { X } from 'lucide-react';
import { useState } from 'react';
import { type LocalServer, origin, type Reach } from '../../electron/contract/serving.ts';
import { Segments } from '../ui/segments.tsx';
import { changeServer } from './programs.ts';

const socketName = window.lookalike.platform === 'win32' ? 'A pipe' : 'A socket';
const REACHES: readonly { value: Reach; name: string }[] = [
  { value: 'port', name: 'A port' },
  { value: 'socket', name: socketName },
];

/** Where the local server answers, and which origins may ask. Few shops need to change either. */
export function ServerReach({ server: { reach, origins } }: { server: LocalServer }) {
  return (
    <details className="server-reach">
      <summary>Where it answers, and to which web pages</summary>
      <h2 id="reach">Answer at</h2>
      <Segments
        labelledBy="reach"
        options={REACHES}
        value={reach}
        onChange={(next) => void changeServer({ reach: next })}
      />
      <p className="label">
        {reach === 'port'
          ? 'Every program can ask at a port, with its token.'
          : `${socketName} is for programs of this user alone, and no browser can reach it.`}
      </p>
      <h2>Origins that may ask</h2>
      <p className="label">
        Requests of web pages are refused. Browser extensions and tills that are made of web pages send an
        origin: name it here. They need a token too.
      </p>
      {origins.length > 0 && (
        <ul className="program-list">
          {origins.map((each) => (
            <li key={each}>
              <bdi>{each}</bdi>
              <button
                type="button"
                className="icon-button"
                aria-label={`Remove ${each}`}
                title="Remove"
                onClick={() => void changeServer({ origins: origins.filter((other) => other !== each) })}
              >
                <X aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
      <AddOrigin origins={origins} />
    </details>
  );
}

function AddOrigin({ origins }: { origins: readonly string[] }) {
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const given = origin.safeParse(text.trim().replace(/\/$/, ''));
        setWrong(!given.success);
        if (!given.success) return;
        setText('');
        void changeServer({ origins: [...origins, given.data] });
      }}
    >
      <div className="token-line">
        <input
          className="text-input"
          aria-label="Origin"
          aria-invalid={wrong}
          aria-describedby={wrong ? 'wrong-origin' : undefined}
          placeholder="chrome-extension://…"
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <button type="submit" className="button" disabled={text.trim() === ''}>
          Add
        </button>
      </div>
      {wrong && (
        <p className="label failed" id="wrong-origin" role="alert">
          An origin has no path: https://till.example
        </p>
      )}
    </form>
  );
}
