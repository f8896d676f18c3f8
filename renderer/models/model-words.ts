import type { InstallProgress, ModelState, SwitchPlan, VerifiedBy } from '../../electron/contract/models.ts';
import { formatBytes, formatCount, formatCounted, formatDuration } from '../ui/format.ts';
import { byteWords, countWords, shareDone } from '../ui/progress-words.ts';
import type { Job, Work } from './models.ts';

export interface Standing {
  tone: 'in-use' | 'installed' | 'partial' | 'none';
  words: string;
}

/** How much of a model is here, and whether it is the one that works. */
export function standingOf(model: ModelState): Standing {
  const { installed, inUse, bytesHere, bytes, downloadable } = model;
  if (inUse) return { tone: 'in-use', words: 'In use' };
  if (installed) return { tone: 'installed', words: 'Installed' };
  if (bytesHere > 0) {
    const of = bytes === null ? '' : ` of ${formatBytes(bytes)}`;
    return { tone: 'partial', words: `Download stopped at ${formatBytes(bytesHere)}${of}` };
  }
  return { tone: 'none', words: downloadable ? 'Not installed' : 'Not installed; only from a file' };
}

const VERIFIED: Record<VerifiedBy, string> = {
  manifest: 'Verified: exactly the files Lookalike lists',
  hub: 'Verified: exactly the files its publisher vouches for',
  noted: 'The same files as when it was installed; nobody else vouches for them',
};

/** What vouches for an installed model's files; empty where nothing was installed. */
export function verifiedWords({ installed, verifiedBy }: ModelState): string {
  return installed && verifiedBy ? VERIFIED[verifiedBy] : '';
}

/** The size of its files, roughly where that is all that is known; null where nothing is. */
export function sizeWords({ bytes, aboutBytes, bytesHere, installed }: ModelState): string | null {
  const exact = bytes ?? (installed ? bytesHere : null);
  if (exact !== null) return formatBytes(exact);
  return aboutBytes === null ? null : `about ${formatBytes(aboutBytes)}`;
}

/** Size, licence, and what it understands. */
export function factsOf(model: ModelState): string[] {
  const { licence, kind, words } = model;
  return [
    sizeWords(model) ?? 'Size not known yet',
    ...(kind === 'embedder' ? [words ? 'Photos and words' : 'Photos only'] : []),
    licence,
  ];
}

/**
 * The one to install where there is only the starter model: the engine lists models best first, and a company's own come
 * without an address.
 */
export function recommended(models: readonly ModelState[]): ModelState | undefined {
  return models.find(
    ({ kind, tier, downloadable }) => kind === 'embedder' && tier === 'full' && downloadable,
  );
}

/**
 * What becomes of the snapshots, which each belong to the model that they were made with.
 * @param count how many snapshots of the model in use can be gone back to
 */
export function snapshotsKeptWords(inUse: string, count: number): string {
  if (count < 2) return '';
  return `The ${formatCount(count)} snapshots in Catalog belong to ${inUse}: you can go back to them again once ${inUse} is in use.`;
}

/**
 * What switching to a model asks of this machine, before it is begun.
 * @param inUse name of the model that answers now
 * @param plan null while it is being measured
 */
export function switchWords(inUse: string, images: number, plan: SwitchPlan | null): string {
  if (images === 0) return 'There is no catalog yet, so it is ready at once.';
  if (plan?.pictures === 0)
    return 'It has seen every picture of this catalog before, so it is ready at once.';
  const pictures = formatCounted(plan?.pictures ?? images, 'stored picture is', 'stored pictures are');
  const time =
    plan?.secondsEstimate == null ? '' : `, which takes about ${formatDuration(plan.secondsEstimate)}`;
  return `${pictures} looked at again with it${time}. Nothing is downloaded. Match goes on answering with ${inUse} until that is done; you can cancel, and what was done is kept.`;
}

const INSTALL_PHASES: Record<InstallProgress['phase'], string> = {
  downloading: 'Downloading',
  copying: 'Copying',
  verifying: 'Verifying',
};

/** What is going on with a model: the work, how far it is (0 to 1), and its numbers. Null when nothing is. */
export function jobWords(
  job: Job | undefined,
): { work: string; share: number | null; numbers: string } | null {
  if (job?.phase !== 'running') return null;
  if (job.work === 'remove') return { work: 'Removing', share: null, numbers: '' };
  if (job.work === 'use') {
    const { progress } = job;
    const embedding = progress?.phase === 'embedding';
    return {
      work: progress?.phase === 'publishing' ? 'Switching over' : 'Looking at the pictures again',
      share: embedding ? shareDone(progress) : null,
      numbers: embedding ? countWords(progress, 'picture') : '',
    };
  }
  const { progress } = job;
  return {
    work: progress ? INSTALL_PHASES[progress.phase] : job.work === 'verify' ? 'Verifying' : 'Starting',
    share: shareDone(progress),
    numbers: progress ? byteWords(progress) : '',
  };
}

/** Progress as it is said aloud: no more often than every quarter. */
export function spokenProgress(name: string, job: Job | undefined): string {
  const words = jobWords(job);
  if (!words) return '';
  const quarters = words.share === null ? 0 : Math.floor(words.share * 4);
  return `${name}: ${words.work}${quarters > 0 ? `, ${quarters * 25} percent` : ''}`;
}

/** What the button says that does a failed piece of work again. */
export function againWords(work: Work, { bytesHere, installed }: ModelState): string {
  return work === 'install' && bytesHere > 0 && !installed ? 'Resume' : 'Try again';
}
