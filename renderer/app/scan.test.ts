import { expect, test } from 'vitest';
import { Scan } from './scan.ts';

/** Types a code with a pause before each key and before Enter. */
function typed(code: string, pause: number, beforeEnter = pause): string | null {
  const scan = new Scan();
  let at = 1000;
  for (const key of code) {
    at += pause;
    scan.key(key, at);
  }
  return scan.end(at + beforeEnter);
}

test('a scanner types faster than anybody, and ends with Enter', () => {
  expect(typed('4006381333931', 2)).toBe('4006381333931');
  expect(typed('40101-NVY', 35)).toBe('40101-NVY');
  expect(typed('4006381333931', 70)).toBeNull();
  expect(typed('4006381333931', 2, 400)).toBeNull();
  expect(typed('12345', 2)).toBeNull();
  expect(typed('wollmantel', 2)).toBeNull();
});

test('what was typed before a scan does not belong to it', () => {
  const scan = new Scan();
  scan.key('c', 0);
  scan.key('o', 120);
  for (const [i, key] of [...'12345670'].entries()) scan.key(key, 1000 + 5 * i);
  expect(scan.end(1040)).toBe('12345670');
  expect(scan.end(1045)).toBeNull();
});

test('the rest of what a person types is no code, however fast it comes', () => {
  const scan = new Scan();
  scan.key('O', 0);
  for (const [i, key] of [...'UR1-NVY-M'].entries()) scan.key(key, 120 + 10 * i);
  expect(scan.end(210)).toBeNull();
  for (const [i, key] of [...'40101-NVY'].entries()) scan.key(key, 300 + 10 * i);
  expect(scan.end(400)).toBe('40101-NVY');
});
