import type { MatchType } from '../../electron/contract/compare.ts';

/** What keys do while pairs are reviewed. */
export const COMMANDS = [
  'same',
  'equivalent',
  'similar',
  'none',
  'unsure',
  'next',
  'previous',
  'nextUndecided',
  'undo',
  'redo',
  'up',
  'down',
  'flip',
  'zoomIn',
  'zoomOut',
  'zoomWhole',
  'crop',
  'reject',
  'more',
  'words',
  'copy',
  'table',
] as const;
export type Command = (typeof COMMANDS)[number];

export const COMMAND_NAMES: Record<Command, string> = {
  same: 'Same product',
  equivalent: 'Equivalent: could be sold instead',
  similar: 'Similar',
  none: 'No match: we have nothing like it',
  unsure: 'Unsure',
  next: 'Next picture, without deciding',
  previous: 'Previous picture',
  nextUndecided: 'Next undecided picture',
  undo: 'Undo',
  redo: 'Redo',
  up: 'Candidate before',
  down: 'Candidate after',
  flip: 'Hold: show the candidate in the place of the picture',
  zoomIn: 'Zoom both in',
  zoomOut: 'Zoom both out',
  zoomWhole: 'Whole pictures',
  crop: 'Compare a part of the picture',
  reject: 'Not this product: do not offer it for this picture again',
  more: 'More candidates',
  words: 'Find the right product by words',
  copy: 'Copy the pair as one picture',
  table: 'Go to the table',
};

const DEFAULT_KEYS: Record<Command, string> = {
  same: 'a',
  equivalent: 'e',
  similar: 's',
  none: 'x',
  unsure: ' ',
  next: 'ArrowRight',
  previous: 'ArrowLeft',
  nextUndecided: 'n',
  undo: 'Backspace',
  redo: 'y',
  up: 'ArrowUp',
  down: 'ArrowDown',
  flip: 'f',
  zoomIn: '+',
  zoomOut: '-',
  zoomWhole: '0',
  crop: 'c',
  reject: 'r',
  more: 'm',
  words: '/',
  copy: 'p',
  table: 't',
};

/** Keys of the person's own choice, by command. */
export type ChosenKeys = Partial<Record<Command, string>>;

export function keyOf(command: Command, chosen: ChosenKeys): string {
  return chosen[command] ?? DEFAULT_KEYS[command];
}

/** Keys that no command may have: digits choose candidates, the others belong to the window. */
const TAKEN = /^([1-9]|\?|Tab|Escape|Enter|Shift|Control|Alt|Meta|AltGraph|CapsLock|Dead|Unidentified|F\d+)$/;

export function isFree(key: string): boolean {
  return !TAKEN.test(key);
}

/** A letter is the same key whether or not Shift or Caps Lock is on. */
function normal(key: string): string {
  return key.length === 1 ? key.toLowerCase() : key;
}

/**
 * The person's keys with another key for a command. What had that key before gets the key that the command had, so that no
 * key does two things and every command keeps one. A key that no command may have changes nothing.
 */
export function withKey(chosen: ChosenKeys, command: Command, pressed: string): ChosenKeys {
  const key = normal(pressed);
  const before = keyOf(command, chosen);
  if (!isFree(key) || key === before) return chosen;
  const owner = COMMANDS.find((each) => keyOf(each, chosen) === key);
  return { ...chosen, ...(owner && { [owner]: before }), [command]: key };
}

/** What a key does: a command, or the choice of a candidate by its number from 1. Null: nothing. */
export type Stroke = Command | { candidate: number };

interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  /** The key is held, and this is not its first press. */
  repeat: boolean;
}

/** Commands that a held key may repeat. A held key never decides row after row. */
const REPEATED: readonly Command[] = ['next', 'previous', 'up', 'down', 'zoomIn', 'zoomOut'];

export function strokeOf(press: Press, chosen: ChosenKeys): Stroke | null {
  const key = normal(press.key);
  if (press.altKey) return null;
  if (press.ctrlKey || press.metaKey) {
    if (key === 'z' && !press.repeat) return press.shiftKey ? 'redo' : 'undo';
    return key === 'y' && !press.repeat ? 'redo' : null;
  }
  if (/^[1-9]$/.test(key)) return press.repeat ? null : { candidate: Number(key) };
  // Where + is typed without Shift it is = elsewhere.
  const meant = key === '=' ? '+' : key;
  // A key of the person's own choice goes before a command that came later with the same one.
  const owners = COMMANDS.filter((each) => keyOf(each, chosen) === meant);
  const command = owners.find((each) => chosen[each] === meant) ?? owners[0];
  if (!command || (press.repeat && !REPEATED.includes(command))) return null;
  return command;
}

const KEY_NAMES: Record<string, string> = {
  ' ': 'Space',
  ArrowRight: '→',
  ArrowLeft: '←',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Backspace: '⌫',
  Delete: 'Del',
  PageUp: 'Page up',
  PageDown: 'Page down',
};

/** A key as it is written on screen. */
export function keyName(key: string): string {
  return KEY_NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}

/** The key of a command as `aria-keyshortcuts` wants it. */
export function ariaKey(key: string): string {
  return key === ' ' ? 'Space' : keyName(key).length > 1 ? key : keyName(key);
}

export const DECISIONS: readonly MatchType[] = ['same', 'equivalent', 'similar', 'none', 'unsure'];
