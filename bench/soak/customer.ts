import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { DrivenApp } from './driven-app.ts';

const IDLE = `document.querySelector('[role=grid][aria-busy=false]')`;

/**
 * Acts as one customer: drops a new photo; then, in turn, adds text, crops, filters, opens details and more like this, or
 * searches by text alone.
 * @returns how long the photo's answer took, in milliseconds
 */
export async function matchOne(app: DrivenApp, { file, n }: { file: string; n: number }): Promise<number> {
  const began = performance.now();
  await app.drop(file);
  await app.until(`${IDLE} && document.querySelector('img[alt="${path.basename(file)}"]')`);
  const waited = performance.now() - began;
  await (STEPS[n % STEPS.length] ?? askWords)(app);
  await rm(file);
  return waited;
}

const click = (selector: string, text: string) =>
  `[...document.querySelectorAll('${selector}')].find((it) => it.textContent.includes('${text}') && it.checkVisibility())?.click()`;
const labelled = (label: string) => `document.querySelector('[aria-label="${label}"]')`;

/** Types into the text field. The answer is recognised by its words. */
async function askWords(app: DrivenApp, words = 'sage green'): Promise<void> {
  await app.evaluate(`document.querySelector('input[type=search]').focus()`);
  await app.evaluate(`document.querySelector('input[type=search]').select()`);
  await app.type(words);
  await app.press('Enter');
  await app.until(`${IDLE} && document.querySelector('input[type=search]').value === '${words}'`);
}

async function crop(app: DrivenApp): Promise<void> {
  const whole = `[...document.querySelectorAll('button')].find((it) => it.textContent === 'Whole photo')`;
  await app.evaluate(click('button', 'Crop'));
  await app.until(`${whole} && ${IDLE}`);
  await app.evaluate(`${whole}.click()`);
  await app.until(`!${whole} && ${IDLE}`);
}

async function filter(app: DrivenApp): Promise<void> {
  const box = `document.querySelector('.choices input[type=checkbox]')`;
  await app.evaluate(`${box}.click()`);
  await app.until(`${IDLE} && document.querySelector('.chips .chip')`);
  await app.evaluate(`document.querySelector('.chips .chip').click()`);
  await app.until(`${IDLE} && !document.querySelector('.chips .chip')`);
}

async function details(app: DrivenApp): Promise<void> {
  await app.evaluate(`document.querySelector('[role=gridcell]').click()`);
  await app.until(labelled('Product details'));
  await app.evaluate(click('button', 'More like this'));
  await app.until(`${IDLE} && document.querySelector('.query-name')`);
  await app.evaluate(click('button', 'Back to your photo'));
  await app.until(`${IDLE} && !document.querySelector('.query-name')`);
}

async function wordsAlone(app: DrivenApp): Promise<void> {
  await app.evaluate(`${labelled('Clear photo')}.click()`);
  await app.until(`document.querySelector('.start')`);
  await askWords(app, 'breton tee');
  await app.evaluate(`${labelled('Clear words')}.click()`);
  await app.until(`document.querySelector('.start')`);
}

const STEPS = [askWords, crop, filter, details, wordsAlone];

/** Drops a feed on the window, inspects and publishes it, and returns to Match. */
export async function publish(app: DrivenApp, file: string): Promise<void> {
  await app.drop(file);
  await app.until(labelled('Dry run'));
  await app.until(`[...document.querySelectorAll('button')].some((it) => it.textContent === 'Publish')`);
  await app.evaluate(click('button', 'Publish'));
  await app.until(labelled('Import report'));
  await app.evaluate(click('button.tab', 'Match'));
}
