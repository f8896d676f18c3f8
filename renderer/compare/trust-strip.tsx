import type { Acceptance, BandTrust } from '../../electron/contract/compare-trust.ts';
import { formatCount } from '../ui/format.ts';
import type { LoadedRows } from './loaded-rows.ts';
import { useDocument } from './open-document.ts';
import { setFilters } from './order.ts';
import { checkBand, openTrust, useTrust } from './trust.ts';
import { bandName, checkedWords, sampleWords } from './trust-words.ts';
import { useRow } from './use-row.ts';
import './trust-strip.css';

function leave(): void {
  setFilters({});
}

/** A sample that is being checked: how far one is, and what it says of all that was accepted with it. */
function Sample({ acceptance }: { acceptance: Acceptance }) {
  return (
    <>
      <p className="numbers">
        The sample of {bandName(acceptance.band)}: {sampleWords(acceptance)}.{' '}
        <span className="label">The same key again says that a decision is right.</span>
      </p>
      <button type="button" className="button" onClick={leave}>
        All rows
      </button>
    </>
  );
}

function Undone() {
  return (
    <>
      <p>The acceptance that this sample was drawn from is undone.</p>
      <button type="button" className="button" onClick={leave}>
        All rows
      </button>
    </>
  );
}

/** A band: what was checked of it, and what that allows. */
function OfBand({ trust, checking }: { trust: BandTrust; checking: boolean }) {
  const { band, toCheck, undecided } = trust;
  const enough = toCheck.length === 0;
  return (
    <>
      <p className="numbers">
        {checkedWords(trust)}{' '}
        {!enough && (
          <span className="label">
            {formatCount(toCheck.length)} more, drawn by chance, before the rest can be accepted.
          </span>
        )}
      </p>
      {checking && (
        <button type="button" className="button" onClick={leave}>
          All rows
        </button>
      )}
      {enough && undecided > 0 && (
        <button type="button" className="button" onClick={() => openTrust({ kind: 'band', band })}>
          Accept the other {formatCount(undecided)}…
        </button>
      )}
      {!enough && undecided > toCheck.length && !checking && (
        <button type="button" className="button" onClick={() => checkBand(trust)}>
          Check {formatCount(toCheck.length)}
        </button>
      )}
    </>
  );
}

/** What the decisions so far say of the band of the row in focus. Always in the same place, whatever it says. */
export function TrustStrip({ loaded, number }: { loaded: LoadedRows; number: number }) {
  const trust = useTrust((state) => state.trust);
  const sample = useDocument(({ filters }) => filters.sample);
  const toCheck = useDocument(({ filters }) => filters.toCheck);
  const band = useRow(loaded, number)?.candidates[0]?.band;
  const acceptance = trust?.acceptances.find((each) => each.number === sample);
  const ofBand = trust?.bands.find((each) => each.band === (toCheck ?? band));
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a press with the mouse leaves the keyboard where it is
    <div className="trust-strip" onMouseDown={(event) => event.preventDefault()}>
      {acceptance ? (
        <Sample acceptance={acceptance} />
      ) : sample !== undefined ? (
        trust && <Undone />
      ) : (
        ofBand && <OfBand trust={ofBand} checking={toCheck !== undefined} />
      )}
    </div>
  );
}
