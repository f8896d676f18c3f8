import { LookalikeError } from '../../contract/errors.ts';
import {
  type ImportProgress,
  type ImportReport,
  incompleteness,
  type SyncOutcome,
} from '../../contract/publishing.ts';

/**
 * Passes a sync's progress and report on, and records the sync's outcome.
 * @param note stores the outcome; when it fails, the sync still succeeds
 */
export async function* recorded(
  note: (outcome: SyncOutcome) => Promise<void>,
  run: AsyncGenerator<ImportProgress, ImportReport>,
): AsyncGenerator<ImportProgress, ImportReport> {
  // The outcome if the caller stops iterating before the end.
  let outcome = failed(new LookalikeError('CANCELLED'));
  try {
    const report = yield* run;
    outcome = succeeded(report);
    return report;
  } catch (error) {
    outcome = failed(
      error instanceof LookalikeError
        ? error
        : new LookalikeError({ code: 'INTERNAL', params: { said: String(error) } }, { cause: error }),
    );
    throw error;
  } finally {
    // A failure to record the outcome must not hide the outcome itself.
    await note({ at: new Date().toISOString(), ...outcome }).catch(console.error);
  }
}

type Outcome = Omit<SyncOutcome, 'at'>;

function succeeded(report: ImportReport): Outcome {
  const { problems, moreProblems = [], published } = report;
  const unlisted = moreProblems.reduce((sum, { count }) => sum + count, 0);
  const count = problems.length + unlisted;
  const fault = incompleteness(report);
  if (report.toCome && fault) {
    const { retryAt } = report.toCome;
    const later = retryAt !== null && { retryAt };
    return { result: 'incomplete', fault, problems: count, ...later };
  }
  return { result: published ? 'published' : 'unchanged', fault: null, problems: count };
}

function failed({ code, fault }: LookalikeError): Outcome {
  if (code === 'CANCELLED') return { result: 'cancelled', fault, problems: 0 };
  return { result: code.startsWith('GATE_') ? 'refused' : 'failed', fault, problems: 0 };
}
