import { expect, test } from 'vitest';
import { isNeededElsewhere } from '../../electron/contract/summon.ts';
import { acceleratorOf, keyWords } from './accelerator.ts';

const NONE = { ctrlKey: false, altKey: false, shiftKey: false, metaKey: false };

test('a key that works anywhere leaves plain keys to other programs', () => {
  expect(acceleratorOf({ ...NONE, code: 'KeyL', ctrlKey: true, altKey: true })).toBe('Control+Alt+L');
  expect(acceleratorOf({ ...NONE, code: 'Digit7', metaKey: true, shiftKey: true })).toBe('Shift+Super+7');
  expect(acceleratorOf({ ...NONE, code: 'F9' })).toBe('F9');
  expect(acceleratorOf({ ...NONE, code: 'KeyL' })).toBeNull();
  expect(acceleratorOf({ ...NONE, code: 'KeyL', shiftKey: true })).toBeNull();
  expect(acceleratorOf({ ...NONE, code: 'ControlLeft', ctrlKey: true })).toBeNull();
  expect(keyWords('Control+Alt+L')).toBe('Ctrl Alt L');
});

test('a key that other programs live by is refused', () => {
  const letters = [...'CVXAZYSPFNOTWQ'];
  const needed = [
    ...letters.flatMap((letter) => [`Control+${letter}`, `Super+${letter}`]),
    ...[
      'Alt+F4',
      'Alt+Tab',
      'F1',
      'F5',
      'Shift+A',
      'Alt+L',
      'Control+Shift+T',
      'Shift+Super+4',
      'Control+Space',
    ],
  ];
  expect(needed.filter((shortcut) => !isNeededElsewhere(shortcut))).toEqual([]);
  const free = ['F9', 'Control+F9', 'Control+Alt+L', 'Control+Shift+L', 'Alt+Shift+7', 'Alt+Super+Space'];
  expect(free.filter(isNeededElsewhere)).toEqual([]);
});
