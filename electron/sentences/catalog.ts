import type { FaultCode, FaultParams } from '../contract/faults.ts';
import type { Sentences } from './sentence.ts';
import { howToLoad } from './system-reason.ts';

/** Sentences about the catalog, its sources and packs, and the disk that they are on. */
export const catalog = {
  SOURCE_UNKNOWN: () => 'This source is not saved here.',
  SOURCES_UNREADABLE: () => 'The list of sources could not be read.',
  SECRET_UNAVAILABLE: (params) => {
    switch (params.reason) {
      case 'unreadable':
        return 'The password of this source could not be read from secure storage. Enter it again.';
      case 'no-storage':
        // The process looks for the key only once, hence the last sentence.
        return 'This computer has no secure storage for passwords. On Linux, unlock or install GNOME Keyring or KWallet, then start Lookalike again.';
      case 'other-origin':
        return `The password of this source was entered for ${params.enteredFor}, but its address is now at ${params.address}. Enter the password again if it is for that address.`;
      case 'late':
        return 'The password of this source could not be read from secure storage in time. Try again, or start Lookalike again.';
    }
  },
  SECRET_NOT_SAVED: () =>
    'The password could not be saved. Check that the disk has space and can be written to.',
  SYNONYMS_NOT_READ: ({ at, mostBytes }) =>
    `The shop’s list of synonyms could not be read, so searches go on without it: ${at} (a text file of at most ${mostBytes / 1e6} MB).`,
  SECRET_TOO_LONG: ({ mostBytes }) => `This password is longer than ${mostBytes / 1024} KB.`,
  SOURCE_INVALID: () =>
    'This address holds a user name or password. Remove it, and enter it as the secret header, which is stored securely.',
  CATALOG_BUSY: ({ by, model }) => {
    switch (by) {
      case 'import':
        return 'Another import is running on this catalog. Wait for it to finish.';
      case 'switch':
        return `The catalog is being brought to ${model}. Wait for it to finish, or cancel it.`;
      case 'loading-model':
        return 'Another model is being loaded. Try again in a moment.';
      case 'changing-provider':
        return 'The provider that runs the model is being changed. Try again in a moment.';
      case 'removing-model':
        return 'A model is being removed. Try again in a moment.';
    }
  },
  PACK_PICTURES_MISSING: ({ products, examples }) => {
    const named = examples.map((title) => `“${title}”`).join(', ');
    const which =
      products === examples.length ? named : `${products} products, the first of which are ${named}`;
    return `Pictures of ${which} are missing. A pack without them would remove these products from every store, so no pack was written. Sync their source, which fetches the pictures again, and then write the pack.`;
  },
  CATALOG_EMPTY: () => 'There is no catalog yet. Import one first.',
  CATALOG_UNREADABLE: () => 'The catalog on disk could not be read.',
  CATALOG_LOCK_LOST: () =>
    'This computer was held up for so long that another program took over writing the catalog. Nothing was published here. Try again.',
  CATALOG_FOLDER_GONE: () =>
    'The folder of the catalog was deleted or moved while it was being written. Nothing was published. Try again.',
  SNAPSHOT_UNKNOWN: () => 'This snapshot is no longer kept.',
  SNAPSHOT_LIST_DAMAGED: () =>
    'The list of snapshots is damaged. Their names are also kept elsewhere, and the next import rewrites the list.',
  WORDS_INDEX_DAMAGED: () =>
    'The index for searching by words is damaged and could not be rebuilt now. Searching by photo works without it. Try again when no import is running.',
  CATALOG_LIBRARY_MISSING: ({ remedy, said }) =>
    `The catalog cannot be opened, because the library that reads it could not be loaded. ${howToLoad(remedy, said)}`,
  STORAGE_FAILED: () => 'The disk is full, so nothing more could be written. Make room on it.',
  STORAGE_FORBIDDEN: () =>
    'This folder cannot be written to. Check its permissions, and that the disk is not read-only.',
  STORAGE_FOLDER_MISSING: () =>
    'The folder to save it in does not exist. Choose another one, or make it first.',
  DATA_FOLDER_UNUSABLE: (params) => {
    switch (params.reason) {
      case 'network':
        return 'The catalog cannot be kept on another computer or a network drive. Choose a folder on a drive of this computer.';
      case 'no-links':
        return 'The catalog cannot be kept on this drive, because its format (exFAT or FAT, as on most USB sticks) lacks what publishing needs. Choose a folder on another drive, or format this one as NTFS, APFS or ext4.';
      case 'long':
        return `The path of the data folder is too long. Choose one of at most ${params.most} characters.`;
    }
  },
  STORAGE_HELD: () =>
    'This file could not be changed, because another program has it open (a virus scanner, OneDrive, an Explorer window), or because its folder cannot be written to. Close what may have it open, wait a minute and try again.',
  STORAGE_BROKEN: ({ reason }) => `It could not be written. The system said: ${reason}`,
  GATE_NOT_FOUND: (params) =>
    params.reason === 'lost'
      ? `A search for the new picture of ${params.item} does not find it, so the new catalog cannot be trusted. Nothing was changed. Try again; if it happens again, install the model again.`
      : 'The model cannot tell pictures apart, so none could be found. Nothing was changed. Install the model again, or use another one.',
  PACK_INVALID: (params) => packProblem(params),
  PACK_MODEL_DIFFERS: ({ made, here }) =>
    `This catalog pack was made with ${made === here ? `other weights of "${made}"` : `"${made}"`}, and this store uses "${here}". The catalog was left as it was. Ask for a pack made with the model that is used here.`,
  PACK_UNTRUSTED: () => 'This catalog pack is not signed by anyone this store trusts.',
  PACK_KEY_INVALID: () => 'This is not an Ed25519 key in PEM form.',
  PRODUCT_UNKNOWN: () => 'This product is not in the catalog.',
} satisfies Partial<Sentences<FaultCode>>;

function packProblem(params: FaultParams['PACK_INVALID']): string {
  switch (params.reason) {
    case 'file-name':
      return 'This is not a catalog pack: its name does not end in .lookalike-pack. Choose another file.';
    case 'format':
      return `This catalog pack has format ${params.version} and this Lookalike reads formats ${params.known.join(', ')}. Install the latest Lookalike; the catalog was left as it was.`;
    default:
      return `This catalog pack cannot be used: ${packDamage(params)}. Get it again; the catalog was left as it was.`;
  }
}

function packDamage(
  params: Exclude<FaultParams['PACK_INVALID'], { reason: 'file-name' | 'format' }>,
): string {
  switch (params.reason) {
    case 'not-opened':
      return 'it could not be opened, is not a pack or was cut short';
    case 'damaged-list':
      return 'the list of the files in it is damaged';
    case 'too-many-files':
      return `it says it has ${params.files} files in it`;
    case 'larger-than-itself':
      return 'the files in it are larger than itself';
    case 'manifest':
      return 'its manifest is damaged';
    case 'part-named-twice':
      return 'its manifest names a part twice';
    case 'row-twice':
      return `it has ${params.key} twice`;
    case 'pictures':
    case 'products':
      return `it says ${params.announced} ${params.reason} and has ${params.found}`;
    default:
      return FILE_IN_PACK[params.reason](params.file);
  }
}

type FileReason = Extract<FaultParams['PACK_INVALID'], { file: string }>['reason'];

const FILE_IN_PACK: Record<FileReason, (file: string) => string> = {
  strange: (file) => `it has a file in it that does not belong there (${file})`,
  twice: (file) => `it has ${file} twice`,
  'no-file': (file) => `${file} is a link or not a file`,
  compressed: (file) => `${file} is compressed`,
  'two-sizes': (file) => `${file} has two sizes`,
  missing: (file) => `${file} is missing`,
  'too-large': (file) => `${file} is too large`,
  unreadable: (file) => `${file} could not be read`,
  changed: (file) => `${file} was changed`,
  unlisted: (file) => `its manifest does not name ${file}`,
  rows: (file) => `${file} holds what a catalog cannot`,
};
