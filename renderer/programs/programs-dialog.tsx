import { useEffect, useState } from 'react';
import { type Client, type Scope, scope as scopes } from '../../electron/contract/serving.ts';
import { Ago } from '../ui/ago.tsx';
import { Dialog } from '../ui/dialog.tsx';
import {
  addProgram,
  copy,
  followServer,
  removeProgram,
  SCOPE_WORDS,
  setProgramsOpen,
  usePrograms,
} from './programs.ts';
import { ServerLine } from './server-line.tsx';
import { ServerReach } from './server-reach.tsx';
import './programs.css';

/** The programs that may ask, each with a token of its own. */
export function ProgramsDialog() {
  const open = usePrograms((state) => state.open);
  return (
    <Dialog open={open} onOpenChange={setProgramsOpen} title="Other programs" className="programs">
      <Programs />
    </Dialog>
  );
}

function Programs() {
  const server = usePrograms((state) => state.server);
  const added = usePrograms((state) => state.added);
  useEffect(followServer, []);
  if (!server) return null;
  return (
    <>
      <ServerLine server={server} />
      {server.clients.length > 0 && (
        <ul className="program-list">
          {server.clients.map((client) => (
            <Program key={client.id} client={client} />
          ))}
        </ul>
      )}
      {added ? <Token /> : <AddProgram />}
      <ServerReach server={server} />
    </>
  );
}

function Program({ client: { id, name, scopes, lastUsedAt } }: { client: Client }) {
  const [sure, setSure] = useState(false);
  return (
    <li>
      <div>
        <bdi>{name}</bdi>
        <div className="label">
          {scopes.map((scope) => SCOPE_WORDS[scope]).join(' · ')}
          {' · '}
          {lastUsedAt === null ? (
            'never used'
          ) : (
            <>
              used <Ago time={lastUsedAt} />
            </>
          )}
        </div>
      </div>
      <button
        type="button"
        className={sure ? 'button loss' : 'button quiet'}
        onBlur={() => setSure(false)}
        onClick={() => (sure ? void removeProgram(id) : setSure(true))}
      >
        {sure ? 'Take its token back' : 'Remove'}
      </button>
    </li>
  );
}

/** The token of the program that was just added. It is nowhere else, and shown until the dialog is closed. */
function Token() {
  const added = usePrograms((state) => state.added);
  if (!added) return null;
  return (
    <section className="token">
      <h2 id="token">
        Token of <bdi>{added.client.name}</bdi>
      </h2>
      <p className="label">Copy it now: it is shown this once, and Lookalike does not keep it.</p>
      <div className="token-line">
        <input
          className="text-input"
          aria-labelledby="token"
          readOnly
          value={added.token}
          onFocus={({ target }) => target.select()}
        />
        <button
          type="button"
          className="button primary"
          onClick={() => void copy(added.token, 'Token copied')}
        >
          Copy
        </button>
      </div>
      <button type="button" className="button" onClick={() => usePrograms.setState({ added: null })}>
        Add another program
      </button>
    </section>
  );
}

function AddProgram() {
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly Scope[]>(['search']);
  const toggle = (scope: Scope) =>
    setChosen(chosen.includes(scope) ? chosen.filter((each) => each !== scope) : [...chosen, scope]);
  return (
    <form
      className="add-program"
      onSubmit={(event) => {
        event.preventDefault();
        void addProgram({ name, scopes: [...chosen] });
      }}
    >
      <h2>Add a program</h2>
      <input
        className="text-input"
        aria-label="Name of the program"
        placeholder="Till, web shop …"
        maxLength={80}
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <fieldset>
        <legend className="label">It may</legend>
        {scopes.options.map((scope) => (
          <label key={scope} className="checkbox">
            <input type="checkbox" checked={chosen.includes(scope)} onChange={() => toggle(scope)} />
            {SCOPE_WORDS[scope]}
          </label>
        ))}
      </fieldset>
      <button type="submit" className="button primary" disabled={name.trim() === '' || chosen.length === 0}>
        Make a token
      </button>
    </form>
  );
}
