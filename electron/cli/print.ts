import type { DiskUse, Snapshot, SnapshotDiff, SnapshotInfo, SnapshotSource } from '../contract/catalog.ts';
import type { Fault } from '../contract/faults.ts';
import type { Learning } from '../contract/learning.ts';
import type {
  ImportProgress,
  ImportReport,
  PackFacts,
  PackProgress,
  PlanGroup,
  SyncPlan,
} from '../contract/publishing.ts';
import type { SearchResponse, Understanding } from '../contract/search.ts';
import type { Status, UpgradeProgress } from '../contract/status.ts';
import type { DamagedFile } from '../engine/catalog/condition.ts';
import { NO_SOURCE } from './arguments.ts';

import { faultSentence, toComeSentence } from './sentences.ts';

const out = (line: string) => process.stdout.write(`${line}\n`);
const PHASES = {
  waiting: 'Waiting for another sync',
  reading: 'Reading the feed',
  embedding: 'Pictures',
  publishing: 'Publishing',
  queued: 'Waiting until nothing else writes this comparison',
  listing: 'Listing the pictures',
  comparing: 'Comparing pictures',
  piling: 'Putting pictures that look alike together',
  upgrading: 'Bringing the catalog to this version',
} as const;
type Progress = Omit<ImportProgress, 'phase'> & { phase: keyof typeof PHASES };
const MOST_PROBLEMS = 20;
const MOST_EXAMPLES = 5;
const MOST_VALUES = 6;
let lastProgress = 0;

/** Prints one line on stderr: updated in place on a terminal, every few seconds elsewhere. */
export function printProgress(progress: Progress): void {
  const terminal = process.stderr.isTTY;
  if (!terminal && Date.now() - lastProgress < 3000) return;
  lastProgress = Date.now();
  const { phase, done, total, rate, secondsLeft, waiting } = progress;
  const count = total === null ? '' : ` ${done} of ${total}`;
  const speed = rate > 0 ? `, ${rate.toFixed(1)} a second` : '';
  const timeLeft = secondsLeft === null ? '' : `, ${Math.ceil(secondsLeft)} s left`;
  const rest = waiting
    ? `; ${waiting.host} asks to wait, going on at ${new Date(waiting.until).toLocaleTimeString()}`
    : speed + timeLeft;
  process.stderr.write(`${terminal ? '\r\x1b[K' : ''}${PHASES[phase]}${count}${rest}${terminal ? '' : '\n'}`);
}

/** Like `printProgress`, for the migration of an earlier version's catalog. */
export function printUpgrade(progress: UpgradeProgress): void {
  printProgress({ ...progress, phase: 'upgrading' });
}

/** @param publish false when the sync was only to stage its work */
export function printReport(report: ImportReport, publish: boolean): void {
  clearProgress();
  const { products, images, published, seconds, toCome } = report;
  const took = `${seconds.toFixed(1)} s`;
  if (published) out(`Published "${published.name}" as version ${published.version} in ${took}`);
  else if (toCome) out(`Incomplete: nothing was published (${took})`);
  else out(publish ? `Nothing had changed (${took})` : `Staged in ${took}, not published`);
  const rest = toComeSentence(report);
  if (rest !== null) out(rest);
  // Staged work must not look as if it had been published.
  if (published || !toCome) {
    out(
      `${products.total} products${ofSource(report)}: ${products.added} added, ${products.changed} changed, ${products.unchanged} unchanged, ${products.removed} removed`,
    );
  }
  out(`${images.total} pictures: ${images.embedded} embedded, ${images.reused} known from before`);
  printProblems(report);
}

function ofSource({ sourceId }: ImportReport): string {
  return sourceId === '' ? '' : ` of "${sourceId}"`;
}

export function printSwitch(model: string, report: ImportReport): void {
  const { images, seconds } = report;
  clearProgress();
  out(`${model} answers from now on (${seconds.toFixed(1)} s)`);
  out(`${images.total} pictures: ${images.embedded} looked at, ${images.reused} known from before`);
  printProblems(report);
}

export function printPlan(plan: SyncPlan): void {
  clearProgress();
  out(
    `"${plan.name}" (${plan.format ?? 'catalog pack'}): ${plan.products.before} products now, ${plan.products.after} after a sync`,
  );
  if (plan.products.after === 0) out('No product of the feed can be used, so a sync would change nothing.');
  if (plan.pack) out(`Made ${plan.pack.created}; ${signerWords(plan.pack)}`);
  printGroup('new', plan.added);
  printGroup('changed', plan.changed);
  printGroup('price only', plan.priceOnly);
  printGroup('removed', plan.removed);
  out(`${plan.unchanged} unchanged; ${plan.pictures.toFetch} pictures to fetch`);
  if (plan.otherProducts > 0) out(`${plan.otherProducts} products of other sources stay as they are`);
  if (plan.secondsEstimate !== null) out(`About ${Math.ceil(plan.secondsEstimate)} s`);
  if (plan.needsConfirmation && plan.products.after > 0)
    out(`So much would go that "${plan.pack ? 'unpack' : 'sync'}" needs --confirm-removals.`);
  printProblems(plan);
}

function signerWords({ signature, signer }: PackFacts): string {
  if (signature === 'trusted') return `signed by "${signer}", whom this store trusts`;
  return signature === 'none'
    ? 'not signed'
    : 'signed, and <data>/trusted-keys has no key to check that with';
}

export function printDiff(diff: SnapshotDiff): void {
  out(`From version ${diff.from.version} (${diff.from.name}) to ${diff.to.version} (${diff.to.name}):`);
  printGroup('new', diff.added);
  printGroup('changed', diff.changed);
  printGroup('price only', diff.priceOnly);
  printGroup('removed', diff.removed);
}

export function printPublished(published: Snapshot | null): void {
  out(
    published
      ? `Live: "${published.name}", version ${published.version}`
      : 'Nothing is staged that is not live.',
  );
}

export function printSnapshots(snapshots: readonly SnapshotInfo[], diskUse: DiskUse | null): void {
  for (const { version, name, publishedAt, products, images, live } of snapshots) {
    out(
      `${live ? '*' : ' '} ${String(version).padStart(5)}  ${publishedAt}  ${products} products, ${images} pictures  ${name}`,
    );
  }
  if (diskUse) out(`${(diskUse.bytes / 1e6).toFixed(1)} MB on disk`);
}

export function printPackProgress({ phase, done, total }: PackProgress): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${phase} ${done} of ${total}`);
}

function printGroup(name: string, { count, examples }: Pick<PlanGroup, 'count' | 'examples'>): void {
  out(`${count} ${name}`);
  for (const { productId, title, changes } of examples.slice(0, MOST_EXAMPLES)) {
    const what = changes.map(
      ({ field, before, after }) => `${field} ${before ?? 'none'} -> ${after ?? 'none'}`,
    );
    out(`  ${productId}  ${title}${what.length > 0 ? `: ${what.join(', ')}` : ''}`);
  }
  if (count > MOST_EXAMPLES) out(`  and ${count - MOST_EXAMPLES} more`);
}

function printProblems({
  problems,
  moreProblems = [],
}: Pick<ImportReport, 'problems' | 'moreProblems'>): void {
  if (problems.length === 0) return;
  const total = moreProblems.reduce((sum, { count }) => sum + count, problems.length);
  out(`${total} problems:`);
  for (const problem of problems.slice(0, MOST_PROBLEMS)) {
    const { item, image } = problem;
    out(`  ${item}: ${faultSentence(problem)}${image ? ` (${image})` : ''}`);
  }
  if (total > MOST_PROBLEMS) {
    const listed = moreProblems.length > 0 ? `the first ${problems.length}` : 'them all';
    out(`  and ${total - MOST_PROBLEMS} more; --json lists ${listed}`);
  }
}

export function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
}

export function printResults(answer: SearchResponse): void {
  for (const { rank, score, band, sku, title, price, currency } of answer.results) {
    const cost = price === null ? '' : `  ${price.toFixed(2)} ${currency ?? ''}`;
    out(`${String(rank).padStart(3)}  ${score.toFixed(3)}  ${band.padEnd(7)}  ${sku}  ${title}${cost}`);
  }
  printUnderstood(answer.understood);
  for (const [i, photo] of [answer.photo, ...answer.also].entries()) {
    const which = answer.also.length === 0 ? 'The photo' : `Photo ${i + 1}`;
    if (photo?.incomplete) out(`${which}’s file breaks off or is damaged: only what is there was compared.`);
  }
  if (answer.results.length === 0) {
    out(
      answer.ranking.words === 'fields' ? 'No product has these words.' : 'No product passes these filters.',
    );
  }
  const { crop, decode, embed, search, thumbnails, total } = answer.timings;
  const times = [
    ...(crop > 0 ? [`crop ${ms(crop)}`] : []),
    `decode ${ms(decode)}`,
    `embed ${ms(embed)}`,
    `search ${ms(search)}`,
    `thumbnails ${ms(thumbnails)}`,
  ];
  process.stderr.write(
    `${answer.model.name} on ${answer.provider}${rankedBy(answer.ranking)}; ${times.join(', ')}, total ${ms(total)} ms; ` +
      `${answer.total} styles of "${answer.snapshot.name}"\n`,
  );
}

/** Says what each part of the words was understood as, and what found nothing. */
function printUnderstood({ parts, together, outOfPrice }: Understanding): void {
  for (const { kind, text, not, values, readAs, suggestions, found } of parts) {
    const read = readAs === null ? `"${text}"` : `"${text}", read as "${readAs}"`;
    const meant =
      values.length > 0
        ? `: ${not ? 'not ' : ''}${values.slice(0, MOST_VALUES).join(', ')}${values.length > MOST_VALUES ? ', …' : ''}`
        : '';
    const maybe =
      suggestions.length > 0 ? `; did you mean ${suggestions.map((word) => `"${word}"`).join(' or ')}?` : '';
    const result =
      found === null ? 'compared with pictures' : found === 0 ? 'found nothing' : `${found} styles`;
    out(`  ${kind.padEnd(8)}  ${read}${meant} (${result})${maybe}`);
  }
  if (together === 0 && parts.some(({ found }) => found !== 0))
    out('No style is all of this; the nearest come first.');
  if (outOfPrice > 0) out(`${counted(outOfPrice, 'style')} follow at another price than asked.`);
}

/** How an answer was ranked, with what was learned here that it owes to. */
export function rankedBy({
  words,
  color,
  crop,
  closer,
  photoShift,
  learned,
  confirmed,
  search,
  answeredBy,
  approximate,
}: SearchResponse['ranking']): string {
  const colorFrom = color.from === 'use' ? 'learned here' : color.from;
  const parts = [
    answeredBy === 'lance' ? `${search}, by LanceDB; approximate: ${approximate.join(', ')}` : search,
    ...(words === null ? [] : [`words by ${words}`]),
    ...(color.weight > 0 ? [`colour ${color.weight.toFixed(2)} (${colorFrom}, of the ${color.of})`] : []),
    ...(crop
      ? [`${crop.proposed ? 'proposed ' : ''}crop ${Object.values(crop.box).map((n) => n.toFixed(2))}`]
      : []),
    ...(closer ? ['the middle looked at closer'] : []),
    ...(photoShift >= 0.01
      ? [`${photoShift.toFixed(2)} of what photos have in common taken out (by the catalog's calibration)`]
      : []),
    ...(learned ? [`adjusted to ${counted(learned.photos, 'photo')} searched before`] : []),
    ...(confirmed
      ? [`${counted(confirmed.photos, 'confirmed photo')} of ${counted(confirmed.products, 'product')} used`]
      : []),
  ];
  return ` (${parts.join(', ')})`;
}

const counted = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`;

function printSource({ id, name, products }: SnapshotSource): void {
  out(`         ${products} products of ${id === '' ? `no source ("${NO_SOURCE}")` : `"${id}" (${name})`}`);
}

export function printStatus({ model, provider, snapshot, catalogFolder, answeredBy }: Status): void {
  const starter = model.tier === 'starter' ? ' (starter: "lookalike models list" names better ones)' : '';
  const words = model.words ? 'understands words' : 'words are looked for in fields alone';
  out(`Model    ${model.name}${starter}, ${model.dim} numbers, on ${provider}; ${words}`);
  if (!snapshot) out('Catalog  none yet; import one');
  else {
    out(`Catalog  ${snapshot.name}, version ${snapshot.version}, published ${snapshot.publishedAt}`);
    out(`         ${snapshot.products} products, ${snapshot.images} pictures, from ${snapshot.source}`);
    const { sources = [] } = snapshot;
    if (sources.some(({ id }) => id !== '')) for (const source of sources) printSource(source);
    out(`Search   ${answeredBy === 'lance' ? 'by LanceDB: the catalog is not held in memory' : 'in memory'}`);
  }
  out(`Tables   ${catalogFolder}`);
}

const ms = (milliseconds: number) => milliseconds.toFixed(milliseconds < 10 ? 1 : 0);

let lastChecked = '';

/** Prints the progress of a check, in megabytes read. */
export function printChecked(done: number, total: number): void {
  // The last line is always printed, however soon it comes.
  if (done < total && Date.now() - lastProgress < (process.stderr.isTTY ? 100 : 3000)) return;
  lastProgress = Date.now();
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  const line = `Checked ${megabytes(done)} of ${megabytes(total)} MB`;
  if (line === lastChecked) return;
  lastChecked = line;
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
}

const HOW: Record<DamagedFile['how'], string> = {
  missing: 'is missing',
  cut: 'was cut',
  changed: 'was changed',
  unreadable: 'cannot be read',
};

/** Whether a notice reports damage; a notice about files that were set aside does not. */
export const isOfDamage = (notice: Fault): boolean => notice.code.endsWith('_DAMAGED');

/** @param notices of the status after the check: they name the consequences of the damage, and what helps */
export function printDamaged(damaged: readonly DamagedFile[], notices: readonly Fault[]): void {
  clearProgress();
  for (const { path, how } of damaged) out(`${path} ${HOW[how]}`);
  for (const notice of notices) out(faultSentence(notice));
  if (damaged.length === 1) out('1 file is damaged.');
  else if (damaged.length > 1) out(`${damaged.length} files are damaged.`);
  else if (!notices.some(isOfDamage)) out('Everything is whole.');
}

export function printLearning({ on, photos, feedback }: Learning): void {
  const { confirmed, products, gone, absent, counts, color } = feedback;
  out(
    `Learning is ${on ? 'on' : 'off'}; ${counted(photos, 'photo')} ${photos === 1 ? 'was' : 'were'} learned from.`,
  );
  if (confirmed + absent === 0) return;
  const missing = gone > 0 ? `, ${gone} of them of products that the catalog does not have now` : '';
  out(
    `Said of photos: ${confirmed} ${confirmed === 1 ? 'shows' : 'show'} a product (${counted(products, 'product')}${missing}), ${absent} ${absent === 1 ? 'shows' : 'show'} none of the catalog.`,
  );
  out(
    counts
      ? 'Confirmed photos count as pictures of their products: that ranks them better.'
      : 'Confirmed photos do not count yet: there are too few, or they would not rank others better.',
  );
  if (color !== null) out(`Colour counts ${Math.round(100 * color)} %, as confirmed photos have shown.`);
}
