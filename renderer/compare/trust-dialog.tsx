import { useId, useState } from 'react';
import {
  type Acceptance,
  type AcceptedAs,
  type BandTrust,
  SAMPLE_SIZE,
} from '../../electron/contract/compare-trust.ts';
import { MATCH_NAMES, PICTURE_BANDS } from '../../electron/contract/match-names.ts';
import { Dialog } from '../ui/dialog.tsx';
import { formatCount, formatCounted } from '../ui/format.ts';
import { Segments } from '../ui/segments.tsx';
import { accept, checkBand, checkSample, openTrust, useTrust } from './trust.ts';
import { bandName, rangeWords, sampleWords, wrongOf } from './trust-words.ts';
import './trust-dialog.css';

const AS = (['same', 'equivalent'] as const).map((value) => ({ value, name: MATCH_NAMES[value] }));

function close(): void {
  openTrust(null);
}

/** Says what accepting a band will do, and does it. */
function AcceptBand({ trust }: { trust: BandTrust }) {
  const [as, setAs] = useState<AcceptedAs>('same');
  const [running, setRunning] = useState(false);
  const labelId = useId();
  const { band, undecided, right } = trust;
  const { count, of } = right[as];
  return (
    <>
      <div className="dialog-words">
        <div className="trust-as">
          <span id={labelId}>Accept as</span>
          <Segments labelledBy={labelId} options={AS} value={as} onChange={setAs} />
        </div>
        <p className="numbers">
          Each of the {formatCounted(undecided, 'undecided picture')} in {bandName(band)} is decided as “
          {MATCH_NAMES[as]}” with its first candidate. Pictures with a rejected candidate are left to you.
        </p>
        <p className="numbers">
          Of {formatCount(of)} that you checked, {formatCount(count)} were right as “{MATCH_NAMES[as]}” (
          {rangeWords(right[as])}): <strong>{wrongOf(undecided, right[as])}</strong>.
        </p>
        <p className="numbers">
          {undecided > SAMPLE_SIZE
            ? `Then ${formatCount(SAMPLE_SIZE)} of them are drawn by chance for you to check.`
            : `Then ${undecided === 1 ? 'it is' : `all ${formatCount(undecided)} are`} there for you to check.`}{' '}
          One undo takes all of it back.
        </p>
      </div>
      <div className="dialog-actions">
        <button type="button" className="button" onClick={close}>
          Cancel
        </button>
        <button
          type="button"
          className="button primary"
          disabled={running}
          onClick={() => {
            setRunning(true);
            void accept(band, as).finally(() => setRunning(false));
          }}
        >
          Accept {formatCount(undecided)} as {MATCH_NAMES[as].toLowerCase()}
        </button>
      </div>
    </>
  );
}

/** What was just accepted, and the sample to check. */
function Accepted({ acceptance }: { acceptance: Acceptance }) {
  const { rows, as, sample } = acceptance;
  return (
    <>
      <div className="dialog-words">
        <p className="numbers">
          {formatCounted(rows, 'picture')} {rows === 1 ? 'is' : 'are'} decided as “{MATCH_NAMES[as]}”.{' '}
          {sample.length < rows &&
            `${formatCount(sample.length)} of them are drawn by chance to be checked. `}
          Check them one by one: the same key again says that a decision is right, any other corrects it. What
          they say of all is in the head of the comparison and in its report.
        </p>
      </div>
      <div className="dialog-actions">
        <button type="button" className="button" onClick={close}>
          Later
        </button>
        <button type="button" className="button primary" onClick={() => checkSample(acceptance)}>
          Check {formatCount(sample.length)} now
        </button>
      </div>
    </>
  );
}

function BandRow({ trust }: { trust: BandTrust }) {
  const { band, rows, undecided, right, toCheck } = trust;
  const { count, of } = right.same;
  return (
    <tr>
      <th scope="row">{PICTURE_BANDS[band]}</th>
      <td>{formatCount(rows)}</td>
      <td>{of === 0 ? '–' : `${formatCount(count)} of ${formatCount(of)}`}</td>
      <td>{of === 0 ? '–' : rangeWords(right.same)}</td>
      <td className="trust-action">
        {undecided === 0 ? (
          <span className="label">all decided</span>
        ) : toCheck.length === 0 ? (
          <button type="button" className="button" onClick={() => openTrust({ kind: 'band', band })}>
            Accept the other {formatCount(undecided)}…
          </button>
        ) : (
          <button type="button" className="button" onClick={() => checkBand(trust)}>
            Check {formatCount(toCheck.length)} of {formatCount(undecided)}
          </button>
        )}
      </td>
    </tr>
  );
}

function AcceptanceRow({ acceptance }: { acceptance: Acceptance }) {
  const { band, as, rows, toCheck } = acceptance;
  return (
    <li>
      <span className="numbers">
        {formatCounted(rows, 'picture')} of {bandName(band)} as “{MATCH_NAMES[as]}”: {sampleWords(acceptance)}
      </span>
      <button type="button" className="button" onClick={() => checkSample(acceptance)}>
        {toCheck.length > 0 ? `Check ${formatCount(toCheck.length)}` : 'Look at them'}
      </button>
    </li>
  );
}

/** Each band with what was checked of it, and what was accepted in bulk. */
function Bands({ bands, acceptances }: { bands: readonly BandTrust[]; acceptances: readonly Acceptance[] }) {
  return (
    <div className="dialog-words">
      <p>
        How often the first candidate was right where you decided a picture by itself. When enough of a
        likeness are checked, the others can be accepted.
      </p>
      <table className="trust-table numbers">
        <thead>
          <tr>
            <th scope="col">Likeness</th>
            <th scope="col">Pictures</th>
            <th scope="col">Right</th>
            <th scope="col" title="How many are right among all of them, with a certainty of 95 %">
              Likely right of all
            </th>
            <th scope="col">
              <span className="visually-hidden">What can be done</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {bands.map((trust) => (
            <BandRow key={trust.band} trust={trust} />
          ))}
        </tbody>
      </table>
      {acceptances.length > 0 && (
        <>
          <h3>Accepted in bulk</h3>
          <ul className="trust-accepted">
            {acceptances.map((acceptance) => (
              <AcceptanceRow key={acceptance.number} acceptance={acceptance} />
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

/** What the decisions so far allow, and accepting a band in bulk. */
export function TrustDialog() {
  const trust = useTrust((state) => state.trust);
  const dialog = useTrust((state) => state.dialog);
  if (!dialog || !trust) return null;
  if (dialog.kind === 'bands') {
    return (
      <Dialog
        open
        onOpenChange={close}
        title="How far the first candidates can be trusted"
        className="trust-dialog"
      >
        <Bands {...trust} />
      </Dialog>
    );
  }
  if (dialog.kind === 'accepted') {
    const acceptance = trust.acceptances.find(({ number }) => number === dialog.number);
    return (
      acceptance && (
        <Dialog open onOpenChange={close} title="Accepted">
          <Accepted acceptance={acceptance} />
        </Dialog>
      )
    );
  }
  const band = trust.bands.find((each) => each.band === dialog.band);
  if (!band) return null;
  return (
    <Dialog
      open
      onOpenChange={close}
      title={`Accept the other ${formatCount(band.undecided)} of ${bandName(band.band)}?`}
    >
      <AcceptBand trust={band} />
    </Dialog>
  );
}
