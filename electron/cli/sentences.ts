import type { FaultParams } from '../contract/faults.ts';
import { type ImportProblem, type ImportReport, incompleteness } from '../contract/publishing.ts';
import { products } from '../sentences/feeds.ts';
import { downloadFailure } from '../sentences/network.ts';
import { faultSpeaker } from '../sentences/speaker.ts';

/** The terminal's own sentences, which name a command or an option. All others are in `electron/sentences/`. */
export const faultSentence = faultSpeaker({
  SNAPSHOT_NOT_READ: ({ answering: { name } }) =>
    `The catalog that was published last could not be read. The one before it, ${name}, is still in use. Sync the catalog again, or go back to another snapshot with "rollback".`,
  FEED_CHARSET_GUESSED: ({ charset }) =>
    `The feed does not say its character set and is not UTF-8; it was read as ${charset}. Where names look wrong, name the right one with --charset.`,
  IMAGE_BASE_MISSING: ({ count }) =>
    `${products(count)} left out, because the feed gives only the paths of pictures. Give the web address before these paths with --image-base, for Magento https://your-shop/media/catalog/product.`,
  COLUMN_UNUSED: ({ column, looksLike, example }) =>
    `The column “${column}” looks like ${LOOKS[looksLike]} (“${example}”) and is not used. If it is one of the fields, say so with --mapping.`,
  PICTURES_TO_COME: ({ count, hosts, published }) =>
    `${hosts.join(', ')} ${hosts.length === 1 ? 'asks' : 'ask'} to wait for a while, so ${count === 1 ? 'one picture is' : `${count} pictures are`} still to come. ${published ? 'Everything else is published.' : 'What is here is kept, and the catalog was left as it was.'} Run the command again to go on.`,
  FEED_TO_COME: ({ hosts }) =>
    `${hosts.join(', ')} asks to wait for a while, so the feed could not be read. The catalog was left as it was. Run the command again to go on.`,
  PROXY_UNSUPPORTED: ({ kind, proxy }) =>
    `The proxy at ${proxy} is a ${kind} proxy, which Lookalike cannot use, so nothing was sent. Set HTTP_PROXY and HTTPS_PROXY to an HTTP proxy, or name the host in NO_PROXY if it needs none.`,
  MODEL_DOWNLOAD_FAILED: (params) =>
    `${downloadFailure(params)} Without a way to the internet: install it from a stick with "models install --from PATH" ("models list --json" has the addresses of its files), or use a mirror with --mirror URL.`,
  CATALOG_DAMAGED: ({ answering, files, example }) =>
    answering
      ? `The snapshot that was published last is damaged: ${damagedFiles(files, example)} The newest intact one is used instead: "${answering.name}", published ${day(answering.publishedAt)}. "import" or "sync" mends the catalog.`
      : `The catalog is damaged and no snapshot of it is intact: ${damagedFiles(files, example)} "import" starts it anew and keeps the damaged files.`,
  CATALOG_TOO_NEW: ({ version, known }) =>
    `This catalog was written by a later version of Lookalike (its tables are of version ${version}, and this one knows version ${known}). Install that version, or use another --data folder. Nothing was changed.`,
  CATALOG_NEEDS_SPACE: ({ needed, free }) =>
    `The catalog has to be converted for this version of Lookalike, which takes ${megabytes(needed)} of disk space; there are ${megabytes(free)}. Make room and try again. Nothing was changed.`,
  CATALOG_PICTURES_DAMAGED: ({ files, example }) =>
    `Some pictures of the catalog are damaged: ${damagedFiles(files, example)} Everything is found, but some products are shown without their picture. The next "import" or "sync" brings the pictures again.`,
  CATALOG_PICTURES_UNSEEN: ({ pictures }) =>
    `${pictures === 1 ? '1 picture' : `${pictures} pictures`} of the catalog ${pictures === 1 ? 'has' : 'have'} not been looked at by this model yet, so products are missing from its answers. The next "import" or "sync" makes up for it.`,
  SNAPSHOTS_DAMAGED: ({ snapshots, files, example }) =>
    `${snapshotsThatCannot(snapshots)} ${damagedFiles(files, example)} The live snapshot is intact. The next "import" or "sync" sets the damaged files aside.`,
  OTHER_CATALOG_DAMAGED: ({ modelId, example }) =>
    `The catalog’s data for the model "${modelId}", which is not in use, is damaged (${example}). It is rebuilt when you switch to that model.`,
  CATALOG_SET_ASIDE: ({ folder, bytes, files }) =>
    `Damaged files were set aside in ${folder} (${files === 1 ? '1 file' : `${files} files`}, ${megabytes(bytes)}). "check --remove-damaged" deletes them.`,
  GATE_REMOVALS: ({ removed, published }) =>
    `This would remove ${removed} of ${published} products. Nothing was changed. Add --confirm-removals if it is meant.`,
  FILE_DAMAGED: ({ file, of, kept }) =>
    `${file} is damaged. ${CONSEQUENCES[of]}${kept === null ? '' : ` The damaged file is kept as ${kept}.`}`,
});

const LOOKS: Record<FaultParams['COLUMN_UNUSED']['looksLike'], string> = {
  price: 'prices',
  images: 'pictures',
  id: 'article numbers',
};

/** The consequences of a damaged small file, and what helps. */
const CONSEQUENCES: Record<FaultParams['FILE_DAMAGED']['of'], string> = {
  'model choice': 'The model of the catalog published last answers; "models use" chooses another one.',
  providers: 'The CPU runs the models until another provider is chosen.',
  sources: 'The saved sources are lost; set them up again.',
  sync: 'The next sync reads all of its feed.',
  models: 'The models that it lists are not offered.',
  model:
    'The model that it describes is not offered; install it again with "models install", or delete its folder.',
  'model notes':
    'It is unknown whether the files of that model were changed; install it again with "models install".',
  'model settings':
    'Models are downloaded from their own addresses: if you use a mirror, "models install --mirror" sets it again.',
  secrets: 'The passwords of the sources are lost; enter them again in the app.',
  integrity: 'Damage to the catalog is not noticed until the next import writes it anew.',
  photos:
    'What photos have in common is to be learned anew. Learning is off, as it may have been; "learning --on" switches it on again.',
  feedback: 'A part of what was said of photos is lost; the rest of it counts as before.',
  use: 'A part of how this machine was used is lost. Counting is off, as it may have been; the settings switch it on.',
  server: 'The local server is off and its clients are forgotten; set it up again in the app.',
};

const damagedFiles = (files: number, example: string): string =>
  files === 1 ? `${example}.` : `${files} files, ${example} among them.`;

const snapshotsThatCannot = (snapshots: number): string => {
  if (snapshots === 0) return 'Some files of the catalog are damaged:';
  return snapshots === 1
    ? 'One older snapshot is damaged and cannot be gone back to:'
    : `${snapshots} older snapshots are damaged and cannot be gone back to:`;
};

const day = (time: string): string => new Date(time).toISOString().slice(0, 16).replace('T', ' ');

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** What an incomplete import still has to fetch, and when it is worth continuing; null when it is complete. */
export function toComeSentence(report: ImportReport): string | null {
  const fault = incompleteness(report);
  if (!fault || !report.toCome) return null;
  const { retryAt } = report.toCome;
  if (retryAt === null) return faultSentence(fault);
  const at = new Date(retryAt).toLocaleTimeString();
  return `${faultSentence(fault).replace(/\.$/, '')}, after ${at}.`;
}

/** A report or a plan as `--json` prints it, with sentences for programs that have none of their own. */
export function withMessages<Report extends { problems: ImportProblem[] }>(report: Report) {
  const problems = report.problems.map((problem) => ({ ...problem, message: faultSentence(problem) }));
  return { ...report, problems };
}
