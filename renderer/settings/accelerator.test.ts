import { expect, test } from 'vitest';
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
