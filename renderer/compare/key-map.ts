import type { MatchType } from '../../electron/contract/compare.ts';
import {
  type ChosenKeys,
  COMMANDS,
  type Command,
  keyName,
  keyOf,
} from '../../electron/contract/review-keys.ts';

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

/** The key of a command as `aria-keyshortcuts` wants it. */
export function ariaKey(key: string): string {
  return key === ' ' ? 'Space' : keyName(key).length > 1 ? key : keyName(key);
}

export const DECISIONS: readonly MatchType[] = ['same', 'equivalent', 'similar', 'none', 'unsure'];
