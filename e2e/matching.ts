import type { Locator, Page } from '@playwright/test';
import { dropFile, expect, type RunningApp } from './app.ts';

/** The card that has the keyboard: the best one until someone has moved. */
export function firstCard(page: Page): Locator {
  return page.getByRole('gridcell').and(page.locator('[aria-selected=true]'));
}

/** Waits for an answer: the grid is not waiting, and its best card has the keyboard. */
export async function answered(page: Page): Promise<void> {
  await expect(page.getByRole('grid', { name: 'Results' })).toHaveAttribute('aria-busy', 'false');
  await expect(firstCard(page)).toBeFocused();
}

/** The first ten products, best first: more are drawn or fewer, as the grid is scrolled. Rows own their cards by id. */
export async function ranked(page: Page): Promise<string[]> {
  const rows = await page.getByRole('row').evaluateAll((elements) =>
    elements.map((row) => ({
      index: Number(row.getAttribute('aria-rowindex')),
      products: (row.getAttribute('aria-owns') ?? '')
        .split(' ')
        .flatMap((id) => document.getElementById(id)?.getAttribute('data-product') ?? []),
    })),
  );
  return rows
    .sort((a, b) => a.index - b.index)
    .flatMap(({ products }) => products)
    .slice(0, 10);
}

/**
 * Waits until the app says that something is copied, and looks whether it is, as another program would.
 * @param said what follows "Copied", where that is more than what is copied
 */
export async function expectCopied({ app, page }: RunningApp, said: string, sku = said): Promise<void> {
  await expect(page.getByRole('status').getByText(`Copied ${said}`, { exact: true })).toBeVisible();
  expect(await app.evaluate(async ({ clipboard }) => clipboard.readText())).toBe(sku);
}

/** Matches a photo again until the catalog has been calibrated, which begins when it is loaded: then answers stay. */
export async function matchCalibrated(page: Page, photo: string): Promise<void> {
  await expect(async () => {
    await dropFile(page, photo, 'image/jpeg');
    await answered(page);
    await expect(page.getByRole('button', { name: /^Exact .*calibrated/ })).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 60_000 });
}
