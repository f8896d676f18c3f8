import { expect, test } from 'vitest';
import { COMMANDS, keyOf } from '../../electron/contract/review-keys.ts';
import { strokeOf, withKey } from './key-map.ts';

const press = (key: string, rest: object = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  repeat: false,
  ...rest,
});

test('keys decide, choose and move, and Caps Lock changes nothing', () => {
  const strokes = ['a', 'A', 'e', 's', 'x', ' ', 'ArrowRight', 'Backspace', '='];
  expect(strokes.map((key) => strokeOf(press(key), {}))).toEqual([
    'same',
    'same',
    'equivalent',
    'similar',
    'none',
    'unsure',
    'next',
    'undo',
    'zoomIn',
  ]);
  expect(strokeOf(press('7'), {})).toEqual({ candidate: 7 });
  expect(strokeOf(press('q'), {})).toBeNull();
});

test('a held key moves on, and never decides or undoes again', () => {
  const held = ['a', 'x', ' ', 'Backspace', '3', 'ArrowRight', 'ArrowDown'];
  expect(held.map((key) => strokeOf(press(key, { repeat: true }), {}))).toEqual([
    ...Array(5).fill(null),
    'next',
    'down',
  ]);
});

test('Ctrl and the command key undo and redo, and nothing else', () => {
  expect(strokeOf(press('z', { ctrlKey: true }), {})).toBe('undo');
  expect(strokeOf(press('Z', { metaKey: true, shiftKey: true }), {})).toBe('redo');
  expect(strokeOf(press('a', { ctrlKey: true }), {})).toBeNull();
  expect(strokeOf(press('ArrowRight', { altKey: true }), {})).toBeNull();
});

test('a changed key changes places with the one that had it: no key does two things', () => {
  const chosen = withKey({}, 'same', 'S');
  expect(strokeOf(press('s'), chosen)).toBe('same');
  expect(strokeOf(press('a'), chosen)).toBe('similar');
  expect(new Set(COMMANDS.map((each) => keyOf(each, chosen))).size).toBe(COMMANDS.length);
  expect(withKey(chosen, 'same', '4')).toBe(chosen);
  expect(withKey(chosen, 'same', 'Escape')).toBe(chosen);
});
