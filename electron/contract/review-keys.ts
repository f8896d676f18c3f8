import { z } from 'zod';

/** What keys do while pairs are reviewed, in the window and in a hand-off. */
export const HANDED_COMMANDS = [
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
] as const;
export type HandedCommand = (typeof HANDED_COMMANDS)[number];

/** What keys do in the window. A hand-off's pictures are zoomed as every page is. */
export const COMMANDS = [
  ...HANDED_COMMANDS,
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

/** Keys of the person's own choice, by command, as `KeyboardEvent.key` names them. What is no command is passed over. */
export const chosenKeys = z.record(z.string().max(40), z.string().max(40));
export type ChosenKeys = Partial<Record<Command, string>>;

export function keyOf(command: Command, chosen: ChosenKeys): string {
  return chosen[command] ?? DEFAULT_KEYS[command];
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
