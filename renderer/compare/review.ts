import type { MatchType } from '../../electron/contract/compare.ts';
import { MATCH_NAMES } from '../../electron/contract/match-names.ts';
import type { Command } from '../../electron/contract/review-keys.ts';
import type { CropBox } from '../../electron/contract/search.ts';
import { engine } from '../engine/client.ts';
import { toast } from '../page/toast.ts';
import { changeRows, decide, step } from './deciding.ts';
import { choose, decisionOf, inFocus, offeredFor, productOf, useReview } from './in-focus.ts';
import type { Stroke } from './key-map.ts';
import { afterDeciding, nextUndecided, stepFrom } from './look-ahead.ts';
import { setRow, useDocument } from './open-document.ts';
import { setView } from './order.ts';
import { pairPicture } from './pair-picture.ts';
import { rejectInFocus } from './rejecting.ts';

function chooseAt(at: number): void {
  const row = inFocus();
  const product = row && offeredFor(row, useReview.getState().chosen)[at];
  if (product) choose(product);
}

function chooseBy(by: 1 | -1): void {
  const row = inFocus();
  if (!row) return;
  const { chosen } = useReview.getState();
  const offered = offeredFor(row, chosen);
  const at = offered.findIndex(({ uid }) => uid === productOf(row, chosen)?.uid);
  chooseAt(Math.min(Math.max(at + by, 0), offered.length - 1));
}

/**
 * Decides the row in focus and goes on to the next. A row that is not on screen yet is not decided: nobody has seen it.
 */
export function decideInFocus(match: MatchType): void {
  const row = inFocus();
  const { order } = useDocument.getState();
  if (!row || !order) return;
  if (row.status !== 'answered') {
    toast(row.status === 'failed' ? 'This picture could not be read' : 'This picture is not compared yet');
    return;
  }
  const { chosen } = useReview.getState();
  const isMatch = match === 'same' || match === 'equivalent' || match === 'similar';
  const product = isMatch ? productOf(row, chosen) : match === 'unsure' ? chosen : null;
  if (isMatch && product === null) {
    toast('There is no candidate: find the product by words first');
    return;
  }
  const next = afterDeciding(order, row.row, order.undecided.has(row.row));
  decide([row.row], match, product);
  useReview.setState({
    said: product ? `${MATCH_NAMES[match]}: ${product.title}.` : `${MATCH_NAMES[match]}.`,
  });
  if (next !== null) setRow(next);
  else if (useDocument.getState().order?.undecided.size === 0) toast('All of these are decided');
}

/** Takes a decision of the row in focus back. */
export function clearDecision(): void {
  const row = inFocus();
  if (row && decisionOf(row)) decide([row.row], null, null);
}

function go(row: number | null): void {
  if (row !== null) setRow(row);
}

async function retrace(which: 'undo' | 'redo'): Promise<void> {
  const { state, order } = useDocument.getState();
  const isPossible = which === 'undo' ? state?.canUndo : state?.canRedo;
  const changed = await step(which);
  const [first] = changed;
  if (first === undefined) {
    if (!isPossible) toast(which === 'undo' ? 'There is nothing to undo' : 'There is nothing to redo');
    return;
  }
  useReview.setState({ said: which === 'undo' ? 'Undone.' : 'Done again.', chosen: null });
  // One row is looked at wherever it is; of many, one of those that are gone through.
  const row = changed.length === 1 ? first : changed.find((each) => order?.rows.includes(each));
  if (row !== undefined) setRow(row);
}

/** What was pressed while a step was taken back: it is meant for the row that comes back. */
const held: Stroke[] = [];
let retracing = false;

/** Takes a step back, or makes it again, and looks at its row. Keys that are pressed meanwhile are obeyed afterwards. */
export async function undoOrRedo(which: 'undo' | 'redo'): Promise<void> {
  retracing = true;
  try {
    await retrace(which);
  } finally {
    retracing = false;
    while (held.length > 0 && !retracing) {
      const stroke = held.shift();
      if (stroke) obey(stroke);
    }
  }
}

type Simple = Exclude<Command, 'flip' | 'zoomIn' | 'zoomOut' | 'zoomWhole'>;

const ACTS: Record<Simple, () => void> = {
  same: () => decideInFocus('same'),
  equivalent: () => decideInFocus('equivalent'),
  similar: () => decideInFocus('similar'),
  none: () => decideInFocus('none'),
  unsure: () => decideInFocus('unsure'),
  next: () => move(stepFrom, 1),
  previous: () => move(stepFrom, -1),
  nextUndecided: () => {
    const { order, row } = useDocument.getState();
    const next = order && nextUndecided(order, row);
    if (next === null) toast('Nothing else is undecided here');
    else go(next);
  },
  undo: () => void undoOrRedo('undo'),
  redo: () => void undoOrRedo('redo'),
  up: () => chooseBy(-1),
  down: () => chooseBy(1),
  crop: () => setCropping(true),
  reject: () => void rejectInFocus(),
  more: () => useReview.setState({ finding: 'more' }),
  words: () => useReview.setState({ finding: 'words' }),
  copy: () => void copyPair(),
  table: () => setView('table'),
};

/** Copies the pair in focus to the clipboard, for a mail or a slide. */
async function copyPair(): Promise<void> {
  const row = inFocus();
  const { loaded } = useDocument.getState();
  if (!row || !loaded) return;
  const shown = { ...row, decision: decisionOf(row) };
  const product = shown.decision?.match === 'none' ? null : productOf(row, useReview.getState().chosen);
  try {
    const picture = await pairPicture(shown, product, loaded);
    await navigator.clipboard.write([new ClipboardItem({ [picture.type]: picture })]);
    toast('The pair is copied as a picture');
  } catch (error) {
    console.error('copying the pair', error);
    toast('The pair could not be copied');
  }
}

function move(to: typeof stepFrom, by: 1 | -1): void {
  const { order, row } = useDocument.getState();
  if (order) go(to(order, row, by));
}

/** Does what a key of the focus view stands for. Zoom and flip belong to the pictures' frames. */
export function obey(stroke: Stroke): void {
  if (retracing) held.push(stroke);
  else if (typeof stroke === 'object') chooseAt(stroke.candidate - 1);
  else if (isSimple(stroke)) ACTS[stroke]();
}

/** A part can be chosen only of a picture that can be seen. */
export function setCropping(cropping: boolean): void {
  if (cropping && inFocus()?.status !== 'answered') return;
  useReview.setState({ cropping, flipped: false });
}

/** Compares a part of the picture in focus. @param crop `auto`: the subject that is found in it; null: all of it */
export async function cropInFocus(crop: CropBox | 'auto' | null): Promise<void> {
  const row = inFocus();
  if (!row) return;
  const changed = await changeRows((id) => engine.cropComparisonRow({ id, row: row.row, crop }));
  if (useDocument.getState().row !== row.row) return;
  useReview.setState({ chosen: null });
  if (crop === 'auto' && changed?.rows[0]?.crop === null)
    toast('No part stands out: all of the picture is compared');
}

function isSimple(command: Command): command is Simple {
  return command in ACTS;
}
