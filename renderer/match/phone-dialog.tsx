import { Smartphone, WifiOff, X } from 'lucide-react';
import { usePreferences } from '../page/preferences.ts';
import { Bar } from '../ui/bar.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { formatCounted } from '../ui/format.ts';
import { ErrorNote } from '../ui/note.tsx';
import { Switch } from '../ui/switch.tsx';
import {
  choosePhoneNetwork,
  closePhone,
  encryptPhone,
  openPhone,
  type PhoneState,
  usePhone,
} from './phone.ts';
import { QrCode } from './qr-code.tsx';
import './phone-dialog.css';

/** The code that opens the page on a phone. Once a phone has, the dialog makes room for its photos: see `PhoneLine`. */
export function PhoneDialog() {
  const state = usePhone((each) => each.state);
  const open = state.phase !== 'closed' && state.phase !== 'joined';
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && closePhone()}
      title="A photo from a phone"
      className="phone"
    >
      <PhoneBody state={state} />
    </Dialog>
  );
}

function PhoneBody({ state }: { state: PhoneState }) {
  switch (state.phase) {
    case 'closed':
    case 'joined':
      return null;
    case 'opening':
      return (
        <p className="phone-words" role="status">
          Opening the page …
        </p>
      );
    case 'no network':
      return (
        <div className="phone-words" role="alert">
          <WifiOff aria-hidden />
          <h3>This computer is in no private network</h3>
          <p>Connect it to the Wi-Fi or the network that the phone is in, then try again.</p>
          <button type="button" className="button" onClick={() => void openPhone()}>
            Try again
          </button>
        </div>
      );
    case 'expired':
      return (
        <div className="phone-words" role="alert">
          <Smartphone aria-hidden />
          <h3>The code has expired</h3>
          <p>No phone has used it within ten minutes.</p>
          <button type="button" className="button primary" onClick={() => void openPhone()}>
            New code
          </button>
        </div>
      );
    case 'failed':
      return (
        <ErrorNote error={state.error}>
          <button type="button" className="button" onClick={() => void openPhone()}>
            Try again
          </button>
        </ErrorNote>
      );
    case 'waiting':
      return <Waiting {...state} />;
  }
}

function Waiting({ url, fingerprint }: Extract<PhoneState, { phase: 'waiting' }>) {
  const addresses = usePhone((state) => state.addresses);
  const address = usePhone((state) => state.address);
  const encrypted = usePreferences((state) => state.phoneEncrypted);
  return (
    <div className="phone-waiting">
      <div>
        <QrCode text={url} label="Code for the phone’s camera" />
        <p className="label phone-url selectable">{url}</p>
      </div>
      <div className="phone-about">
        <p>
          Point the phone’s camera at the code and open the page. The phone has to be in the same network. The
          code is for one phone, within ten minutes.
        </p>
        {addresses.length > 1 ? (
          <label className="phone-network">
            <span className="label">Network</span>
            <select value={address} onChange={({ target }) => choosePhoneNetwork(target.value)}>
              {addresses.map((each) => (
                <option key={each.address} value={each.address}>
                  {each.name} · {each.address}
                </option>
              ))}
            </select>
          </label>
        ) : (
          <p className="label">At {address}</p>
        )}
        <Switch name="Encrypt" checked={encrypted} onChange={encryptPhone} />
        {fingerprint === null ? (
          <p className="label">
            Not encrypted: whoever runs this network, or listens to its Wi-Fi, could see the photo on its way.
          </p>
        ) : (
          <>
            <p className="label">
              The phone warns that it does not know the certificate. Go on only if it shows this fingerprint
              (SHA-256):
            </p>
            <p className="phone-fingerprint selectable">
              {linesOf(fingerprint).map((line) => (
                <span key={line}>{line}</span>
              ))}
            </p>
          </>
        )}
      </div>
    </div>
  );
}

/** A fingerprint in lines of eight bytes, which are easier to compare; no two are the same but by a miracle. */
const linesOf = (fingerprint: string): string[] => fingerprint.match(/(?:[^:]+:?){1,8}/g) ?? [];

/** A phone is connected, and its photos come here by themselves. */
export function PhoneLine() {
  const state = usePhone((each) => each.state);
  if (state.phase !== 'joined') return null;
  const { photos } = state;
  return (
    <Bar>
      <span>
        <Smartphone aria-hidden size={15} className="phone-icon" /> A phone is connected.{' '}
        {photos === 0 ? 'Its photos are matched here.' : `${formatCounted(photos, 'photo')} so far.`}
      </span>
      <button type="button" className="button quiet" onClick={closePhone}>
        <X aria-hidden /> Disconnect
      </button>
    </Bar>
  );
}
