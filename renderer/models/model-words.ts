import type { InstallProgress, ModelState, SwitchPlan, VerifiedBy } from '../../electron/contract/models.ts';
import { formatBytes, formatCount, formatCounted, formatDuration } from '../ui/format.ts';
import { byteWords, countWords, shareDone } from '../ui/progress-words.ts';
import type { Job, Work } from './models.ts';

export interface Standing {
  tone: 'in-use' | 'installed' | 'partial' | 'none';
  words: string;
}

/** How much of a model is installed, and whether it is in use. */
export function standingOf(model: ModelState): Standing {
  const { installed, inUse, bytesHere, bytes, downloadable } = model;
  if (inUse) return { tone: 'in-use', words: 'In use' };
  if (installed) return { tone: 'installed', words: 'Installed' };
  if (bytesHere > 0) {
    const ofTotal = bytes === null ? '' : ` of ${formatBytes(bytes)}`;
    return { tone: 'partial', words: `Download stopped at ${formatBytes(bytesHere)}${ofTotal}` };
  }
  return { tone: 'none', words: downloadable ? 'Not installed' : 'Not installed; only from a file' };
}

const VERIFIED: Record<VerifiedBy, string> = {
  manifest: 'Verified: exactly the files Lookalike lists',
  hub: 'Verified: exactly the files its publisher vouches for',
  noted: 'The same files as when it was installed; nobody else vouches for them',
};

/** The source of the hashes of an installed model's files; empty when nothing is installed. */
export function verifiedWords({ installed, verifiedBy }: ModelState): string {
  return installed && verifiedBy ? VERIFIED[verifiedBy] : '';
}

/** The size of its files, approximate if only that is known; null when it is unknown. */
export function sizeWords({ bytes, aboutBytes, bytesHere, installed }: ModelState): string | null {
  const exact = bytes ?? (installed ? bytesHere : null);
  if (exact !== null) return formatBytes(exact);
  return aboutBytes === null ? null : `about ${formatBytes(aboutBytes)}`;
}

/** What is compared between models: size, time, how often the right product came first, and whether it understands text. */
export function factsOf(model: ModelState): string[] {
  const { expect, kind, words } = model;
  if (kind === 'subject') return [sizeWords(model) ?? UNKNOWN_SIZE];
  return [
    sizeWords(model) ?? UNKNOWN_SIZE,
    expect ? `${secondsWords(expect.msOnTwoCores)} a photo` : '',
    expect?.tested ? `${Math.round(expect.tested.rightOf100)} of 100 right` : '',
    words ? 'Photos and words' : 'Photos only',
  ];
}

const UNKNOWN_SIZE = 'Size not known yet';

/** "0.03 s", "0.2 s". */
function secondsWords(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(milliseconds < 95 ? 2 : 1)} s`;
}

/** Where the numbers of the models come from, for those that have been tested elsewhere. */
export function sourcesOf(models: readonly ModelState[]): { name: string; words: string; url: string }[] {
  return models.flatMap(({ name, expect }) => {
    if (!expect?.tested) return [];
    const { name: test, rightOf100, of, url } = expect.tested;
    return [{ name, words: `${rightOf100.toFixed(1)} of 100 in ${test}, tested with ${of}`, url }];
  });
}

/**
 * The model to install when only the starter model is installed: the engine lists models best first, and a company's own
 * models have no URL.
 */
export function recommended(models: readonly ModelState[]): ModelState | undefined {
  return models.find(
    ({ kind, tier, downloadable, more }) => kind === 'embedder' && tier === 'full' && downloadable && !more,
  );
}

/** Whether a model is shown apart from the choices that most shops have, or have made. */
export function isApart({ more, inUse, removable }: ModelState): boolean {
  return more && !inUse && !removable;
}

/**
 * What happens to the snapshots after a switch.
 * @param count number of snapshots that can be rolled back to
 */
export function snapshotsKeptWords(inUse: string, count: number): string {
  if (count < 2) return '';
  return `The ${formatCount(count)} snapshots in Catalog belong to ${inUse}: you can go back to them again once ${inUse} is in use.`;
}

/**
 * What switching to a model takes on this machine, shown before it starts.
 * @param inUse name of the model in use
 * @param plan null while it is being measured
 */
export function switchWords(inUse: string, images: number, plan: SwitchPlan | null): string {
  if (images === 0) return 'There is no catalog yet, so it is ready at once.';
  if (plan?.pictures === 0)
    return 'It has seen every picture of this catalog before, so it is ready at once.';
  const pictures = formatCounted(plan?.pictures ?? images, 'stored picture is', 'stored pictures are');
  const time =
    plan?.secondsEstimate == null ? '' : `, which takes about ${formatDuration(plan.secondsEstimate)}`;
  return `${pictures} looked at again with it${time}. Nothing is downloaded. Match still answers with ${inUse} until that is done; you can cancel, and what was done is kept.`;
}

const INSTALL_PHASES: Record<InstallProgress['phase'], string> = {
  downloading: 'Downloading',
  copying: 'Copying',
  verifying: 'Verifying',
};

/** A model's running task: its name, its progress (0 to 1), and its numbers. Null when none is running. */
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

/** The progress for screen readers: at most every quarter. */
export function spokenProgress(name: string, job: Job | undefined): string {
  const words = jobWords(job);
  if (!words) return '';
  const quarters = words.share === null ? 0 : Math.floor(words.share * 4);
  return `${name}: ${words.work}${quarters > 0 ? `, ${quarters * 25} percent` : ''}`;
}

/** The text of the button that repeats a failed task. */
export function againWords(work: Work, { bytesHere, installed }: ModelState): string {
  return work === 'install' && bytesHere > 0 && !installed ? 'Resume' : 'Try again';
}
