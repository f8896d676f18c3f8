import type { LocalServer } from '../../electron/contract/serving.ts';
import { faultSentence } from '../ui/sentences.ts';
import { Switch } from '../ui/switch.tsx';
import { changeServer, copy } from './programs.ts';

/** A socket is shown as its path, as programs such as curl take it. */
const addressOf = (url: string): string => url.replace(/^unix:/, '');

/** Switches the local server, and says where it answers or why it does not. */
export function ServerLine({ server: { on, state } }: { server: LocalServer }) {
  return (
    <>
      <Switch
        name="Answer other programs"
        checked={on}
        onChange={(next) => void changeServer({ on: next })}
      />
      <div className="label server-state" role="status">
        {state.state === 'off' &&
          'Tills, web shops and scripts on this computer could search too. No other computer can.'}
        {state.state === 'starting' && 'Starting …'}
        {state.state === 'failed' && <span className="failed">{faultSentence(state.fault)}</span>}
        {state.state === 'listening' && (
          <>
            Answering at{' '}
            <button
              type="button"
              className="link address"
              title="Copy the address"
              onClick={() => void copy(addressOf(state.url), 'Address copied')}
            >
              {addressOf(state.url)}
            </button>
          </>
        )}
      </div>
    </>
  );
}
