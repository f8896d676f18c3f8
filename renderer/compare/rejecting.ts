import type { ComparedProduct } from '../../electron/contract/compare.ts';
import { engine } from '../engine/client.ts';
import { toast } from '../page/toast.ts';
import { changeRows } from './deciding.ts';
import { decisionOf, inFocus, productOf, useReview } from './in-focus.ts';
import { useDocument } from './open-document.ts';

/** Says of the candidate in focus that it is no match for its picture, and looks at the one that takes its place. */
export async function rejectInFocus(): Promise<void> {
  const row = inFocus();
  if (row?.status !== 'answered') return;
  const { chosen } = useReview.getState();
  const product = productOf(row, chosen);
  const at = row.candidates.findIndex(({ uid }) => uid === product?.uid);
  if (!product || at === -1) {
    toast('Only a candidate that is offered here can be rejected');
    return;
  }
  if (decisionOf(row)?.product?.uid === product.uid) {
    toast('This product is decided for this picture: decide otherwise, or undo it first');
    return;
  }
  const next = at === 0 ? null : (row.candidates[at + 1] ?? row.candidates[at - 1] ?? null);
  const changed = await changeRows((id) =>
    engine.rejectCandidates({ id, row: row.row, products: [product.uid], rejected: true }),
  );
  if (!changed || useDocument.getState().row !== row.row) return;
  useReview.setState({ chosen: next, said: `Not a match: ${product.title}.` });
}

/** Offers a rejected product again, here and in all other comparisons. */
export async function offerAgain(product: ComparedProduct): Promise<void> {
  await change(product, { rejected: false });
}

/** Rejects a product that was rejected here in all comparisons. */
export async function rejectEverywhere(product: ComparedProduct): Promise<void> {
  await change(product, { rejected: true, everywhere: true });
}

async function change(
  { uid }: ComparedProduct,
  how: { rejected: boolean; everywhere?: true },
): Promise<void> {
  const row = inFocus();
  if (row) await changeRows((id) => engine.rejectCandidates({ id, row: row.row, products: [uid], ...how }));
}
