import type { Fault, FaultParams } from '../../electron/contract/faults.ts';
import { products } from '../../electron/sentences/feeds.ts';
import { downloadFailure } from '../../electron/sentences/network.ts';
import { faultSpeaker } from '../../electron/sentences/speaker.ts';
import { formatBytes, formatCount, formatCounted, formatExact } from './format.ts';

/** The window's own sentences, which name a screen or a field. All others are in `electron/sentences/`. */
export const faultSentence = faultSpeaker({
  SNAPSHOT_NOT_READ: ({ answering: { name } }) =>
    `The catalog that was published last could not be read. The one before it, ${name}, is still in use. Sync the catalog again, or go back to another snapshot, on the Catalog screen.`,
  FEED_CHARSET_GUESSED: ({ charset }) =>
    `The feed does not say its character set and is not UTF-8; it was read as ${charset}. Where names look wrong, choose the right one as “Text encoding” of the source.`,
  IMAGE_BASE_MISSING: ({ count }) =>
    `${products(count)} left out, because the feed gives only the paths of pictures. Enter the web address before these paths as “Pictures are at” of the source, for Magento https://your-shop/media/catalog/product.`,
  COLUMN_UNUSED: ({ column, looksLike, example }) =>
    `The column “${column}” looks like ${LOOKS[looksLike]} (“${example}”) and is not used. If it is one of the fields, choose it under “Columns”.`,
  PICTURES_TO_COME: ({ count, hosts, published }) =>
    `${hosts.join(', ')} ${hosts.length === 1 ? 'asks' : 'ask'} to wait for a while, so ${count === 1 ? 'one picture is' : `${count} pictures are`} still to come. ${published ? 'Everything else is published.' : 'What is here is kept, and the catalog was left as it was.'} It goes on by itself.`,
  FEED_TO_COME: ({ hosts }) =>
    `${hosts.join(', ')} asks to wait for a while, so the feed could not be read. The catalog was left as it was. It goes on by itself.`,
  PROXY_UNSUPPORTED: ({ kind, proxy }) =>
    `This computer's network settings name a ${kind} proxy (${proxy}), which Lookalike cannot use, so nothing was sent. Ask for an HTTP proxy, and set it in the network settings.`,
  MODEL_DOWNLOAD_FAILED: (params) =>
    `${downloadFailure(params)} If this computer has no way to the internet, bring the files from a stick, or use a mirror.`,
  CATALOG_DAMAGED: ({ answering, files }) =>
    answering
      ? `The catalog that was published last is damaged (${formatCounted(files, 'file')}). An earlier one is used instead: “${answering.name}” of ${formatExact(answering.publishedAt)}. Import again to mend it.`
      : `The catalog is damaged (${formatCounted(files, 'file')}), and no snapshot of it is intact. Import it again; the damaged files are kept.`,
  CATALOG_TOO_NEW: () =>
    'This catalog was written by a later version of Lookalike. Install that version to open it. Nothing was changed.',
  CATALOG_NEEDS_SPACE: ({ needed, free }) =>
    `The catalog has to be converted for this version of Lookalike, which takes ${formatBytes(needed)} of disk space. There are ${formatBytes(free)}. Make room and try again. Nothing was changed.`,
  CATALOG_PICTURES_DAMAGED: ({ files }) =>
    `Some pictures of the catalog are damaged (${formatCounted(files, 'file')}). Everything is found, but some products are shown without their picture. The next import brings the pictures again.`,
  CATALOG_PICTURES_UNSEEN: ({ pictures }) =>
    `${formatCounted(pictures, 'picture')} of the catalog ${pictures === 1 ? 'has' : 'have'} not been looked at by this model yet, so some products are missing from the results. The next import makes up for it.`,
  SNAPSHOTS_DAMAGED: ({ snapshots, files }) =>
    `${snapshotsThatCannot(snapshots)} (${formatCounted(files, 'file')}). The live snapshot is intact. The next import sets the damaged files aside.`,
  OTHER_CATALOG_DAMAGED: ({ modelId }) =>
    `The catalog’s data for the model “${modelId}”, which is not in use, is damaged. It is rebuilt when you switch to that model.`,
  CATALOG_SET_ASIDE: ({ folder, bytes, files }) =>
    `${formatCounted(files, 'damaged file')} of the catalog ${files === 1 ? 'was' : 'were'} set aside in ${folder} (${formatBytes(bytes)}).`,
  GATE_REMOVALS: ({ removed, published }) =>
    `This would remove ${formatCount(removed)} of ${formatCounted(published, 'product')}. Nothing was changed; confirm it if it is meant.`,
  FILE_DAMAGED: ({ file, of, kept }) =>
    `${file} is damaged. ${CONSEQUENCES[of]}${kept === null ? '' : ` The damaged file is kept as ${kept}.`}`,
});

/** The consequences of a damaged small file, and what helps. */
const CONSEQUENCES: Record<FaultParams['FILE_DAMAGED']['of'], string> = {
  'model choice': 'The model of the catalog published last answers; choose another one on the Models screen.',
  providers: 'The CPU runs the models until another provider is chosen on the Models screen.',
  sources: 'The saved sources are lost; set them up again on the Catalog screen.',
  sync: 'The next sync reads all of its feed.',
  models: 'The models that it lists are not offered.',
  model:
    'The model that it describes is not offered; install it again on the Models screen, or delete its folder.',
  'model notes':
    'It is unknown whether the files of that model were changed; install it again on the Models screen.',
  'model settings':
    'Models are downloaded from their own addresses: if you use a mirror, set it again on the Models screen.',
  secrets: 'The passwords of the sources are lost; enter them again.',
  integrity: 'Damage to the catalog is not noticed until the next import.',
  photos:
    'What photos have in common is to be learned anew. Learning is off, as it may have been; switch “Learn from use” on again in Settings.',
  feedback: 'A part of what was said of photos is lost; the rest of it counts as before.',
  use: 'A part of how this machine was used is lost. Counting is off, as it may have been; the settings switch it on.',
  server: 'The local server is off and its clients are forgotten; set it up again in Settings.',
};

const snapshotsThatCannot = (snapshots: number): string => {
  if (snapshots === 0) return 'Some files of the catalog are damaged';
  return snapshots === 1
    ? 'One older snapshot is damaged and cannot be gone back to'
    : `${snapshots} older snapshots are damaged and cannot be gone back to`;
};

const LOOKS: Record<FaultParams['COLUMN_UNUSED']['looksLike'], string> = {
  price: 'prices',
  images: 'pictures',
  id: 'article numbers',
};

/** The faults of the catalog's files. */
const CATALOG_FAULT = /^(CATALOG|SNAPSHOTS?|OTHER_CATALOG|WORDS_INDEX)_/;

const CATALOG_FILES: readonly FaultParams['FILE_DAMAGED']['of'][] = [
  'integrity',
  'sources',
  'sync',
  'secrets',
];

/** Whether a notice concerns damage to the catalog or its sources, so that the Catalog screen shows it. */
export function isOfCatalog(notice: Fault): boolean {
  if (notice.code === 'FILE_DAMAGED') return CATALOG_FILES.includes(notice.params.of);
  return CATALOG_FAULT.test(notice.code);
}
