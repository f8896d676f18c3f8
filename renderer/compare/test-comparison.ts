import type {
  ComparedProduct,
  ComparisonCandidate,
  ComparisonChange,
  ComparisonRow,
  ComparisonState,
  Decision,
} from '../../electron/contract/compare.ts';
import type { Acceptance } from '../../electron/contract/compare-trust.ts';
import { answer } from '../engine/test-engine.ts';

/** A comparison in memory, which answers its part of the contract. Row 3 failed. */
export class TestComparison {
  readonly id = 'spring';
  readonly rows: ComparisonRow[];
  /** Decisions in the order in which they were asked for. */
  readonly asked: { row: number; match: string | null; product: string | undefined }[] = [];
  readonly accepted: Acceptance[] = [];
  /** Called before a decision is made; what it throws fails the call. */
  onDecide: (row: number) => void | Promise<void> = () => {};
  /** Called before a step is taken back. */
  onUndo: () => Promise<void> = async () => {};
  /** The most rows that a change answers with. */
  mostRows = 200;
  #undo: { row: number; before: Decision | null }[] = [];

  constructor(count: number) {
    this.rows = Array.from({ length: count }, (_, at) => row(at + 1));
  }

  #counts() {
    const decided = { same: 0, equivalent: 0, similar: 0, none: 0, unsure: 0 };
    for (const { decision } of this.rows) if (decision) decided[decision.match]++;
    const answered = this.rows.filter(({ status }) => status === 'answered');
    const undecided = answered.filter(({ decision }) => decision === null).length;
    const [rows, failed] = [this.rows.length, this.rows.length - answered.length];
    return {
      rows,
      waiting: 0,
      answered: answered.length,
      failed,
      undecided,
      weak: 0,
      decided,
      inBulk: 0,
      rejected: 0,
      changed: { gone: 0, better: 0 },
    };
  }

  #state(): ComparisonState {
    const at = '2026-11-30T09:00:00.000Z';
    const named = { id: this.id, name: 'Spring', competitor: null, createdAt: at, changedAt: at, from: [] };
    const comparison = { ...named, counts: this.#counts(), about: null, moved: null, faults: [] };
    return { comparison, progress: null, ended: null, canUndo: this.#undo.length > 0, canRedo: false };
  }

  #change(numbers: readonly number[]): ComparisonChange {
    const all = this.rows.filter(({ row }) => numbers.includes(row));
    const [rows, changed] = [all.slice(0, this.mostRows), all.map(({ row }) => row)];
    return { rows, changed, counts: this.#counts(), canUndo: this.#undo.length > 0, canRedo: false };
  }

  #set(number: number, decision: Decision | null): void {
    const at = number - 1;
    const before = this.rows[at];
    if (before) this.rows[at] = { ...before, decision };
  }

  handlers() {
    const undecided = () => this.rows.filter(({ status, decision }) => status === 'answered' && !decision);
    const facets = { status: [], match: [], band: [], category: [], competitor: [] };
    return {
      watchComparison: answer.watchComparison.handler(
        async function* (this: TestComparison, { signal }: { signal?: AbortSignal | undefined }) {
          yield this.#state();
          await new Promise((resolve) => signal?.addEventListener('abort', resolve));
        }.bind(this),
      ),
      comparisonOrder: answer.comparisonOrder.handler(({ input: { filters } }) => {
        const rows = filters.match ? undecided() : filters.sample ? this.rows.slice(4) : this.rows;
        return { rows: rows.map(({ row }) => row), facets };
      }),
      comparisonRows: answer.comparisonRows.handler(({ input }) => ({
        rows: this.rows.filter(({ row }) => input.rows.includes(row)),
      })),
      comparisonPictures: answer.comparisonPictures.handler(() => ({ pictures: [] })),
      decide: answer.decide.handler(async ({ input: { rows, match, product } }) => {
        for (const number of rows) {
          await this.onDecide(number);
          this.asked.push({ row: number, match, product });
          const { decision: before = null, candidates } = this.rows[number - 1] ?? row(number);
          const chosen = candidates.find(({ uid }) => uid === product) ?? null;
          this.#undo.push({ row: number, before });
          this.#set(number, match && { match, product: chosen, at: '2026-11-30T09:00:00.000Z' });
        }
        return this.#change(rows);
      }),
      rejectCandidates: answer.rejectCandidates.handler(({ input: { row: number, products, rejected } }) => {
        const at = number - 1;
        const before = this.rows[at] ?? row(number);
        const known = [...before.candidates, ...(before.rejected ?? []).map(({ uid }) => candidate(uid))];
        const isOut = ({ uid }: ComparedProduct) =>
          products.includes(uid) ? rejected : (before.rejected ?? []).some((each) => each.uid === uid);
        this.rows[at] = {
          ...before,
          candidates: known.filter((each) => !isOut(each)),
          rejected: known.filter(isOut).map((each) => ({ ...product(each.uid), everywhere: false })),
        };
        return this.#change([number]);
      }),
      comparisonTrust: answer.comparisonTrust.handler(() => ({ bands: [], acceptances: this.accepted })),
      acceptBand: answer.acceptBand.handler(({ input: { band, as } }) => {
        const rows = undecided().map(({ row }) => row);
        const at = '2026-11-30T09:00:00.000Z';
        for (const number of rows)
          this.#set(number, { match: as, product: product(`${number}a`), at, inBulk: true });
        const wrong = { count: 0, of: 0, low: 0, high: 1 };
        const [sample, unchecked] = [rows.slice(0, 2), rows.length];
        const acceptance = {
          number: 1,
          band,
          as,
          at,
          rows: rows.length,
          unchecked,
          sample,
          toCheck: sample,
          unsure: 0,
          wrong,
        };
        this.accepted.push(acceptance);
        return { change: this.#change(rows), acceptance };
      }),
      mergeDecisions: answer.mergeDecisions.handler(({ input: { replace } }) => {
        const rows = replace ? [1, 2] : [2];
        for (const number of rows)
          this.#set(number, { match: 'none', product: null, at: '2026-11-30T09:00:00.000Z' });
        const conflicts = [{ row: 1, line: 2, here: 'same', there: 'none', sku: '' } as const];
        return { change: this.#change(rows), merged: rows.length, conflicts, unused: [] };
      }),
      undoComparison: answer.undoComparison.handler(async () => {
        await this.onUndo();
        const step = this.#undo.pop();
        if (step) this.#set(step.row, step.before);
        return this.#change(step ? [step.row] : []);
      }),
    };
  }
}

function product(uid: string): ComparedProduct {
  const none = { category: null, brand: null, color: null, price: null, currency: null, url: null };
  const names = {
    productId: uid,
    sku: uid,
    title: `Product ${uid}`,
    uid,
    source: '',
    styleId: uid,
    styleSku: uid,
  };
  return { ...none, ...names, availability: null, thumbnail: '0'.repeat(64) };
}

function candidate(uid: string): ComparisonCandidate {
  return { ...product(uid), score: 0.9, band: 'close' };
}

function row(number: number): ComparisonRow {
  const failed = number === 3;
  return {
    row: number,
    status: failed ? 'failed' : 'answered',
    sources: [{ kind: 'file', name: `${number}.jpg`, line: null, facts: null }],
    fault: failed ? { code: 'IMAGE_UNREADABLE', params: { reason: 'not-opened' } } : null,
    width: 8,
    height: 10,
    crop: null,
    candidates: failed ? [] : [candidate(`${number}a`), candidate(`${number}b`)],
    probability: failed ? null : 0.8,
    decision: null,
  };
}
