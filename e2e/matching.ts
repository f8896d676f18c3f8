import type { Locator, Page } from '@playwright/test';
import { dropFile, expect, type RunningApp } from './app.ts';

/** The focused card: the best one, unless the focus was moved. */
export function firstCard(page: Page): Locator {
  return page.getByRole('gridcell').and(page.locator('[aria-selected=true]'));
}

/** Waits for an answer: the grid is not waiting, and its best card has the focus. */
export async function answered(page: Page): Promise<void> {
  await expect(page.getByRole('grid', { name: 'Results' })).toHaveAttribute('aria-busy', 'false');
  await expect(firstCard(page)).toBeFocused();
}

/**
 * The first ten products, best first. The number of cards in the document varies with scrolling. Rows refer to their cards
 * by id.
 */
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
 * Waits until the app says that something was copied, and checks the clipboard, as another program would.
 * @param said the text after "Copied", if it is more than the copied text
 */
export async function expectCopied({ app, page }: RunningApp, said: string, sku = said): Promise<void> {
  const status = page.getByRole('status');
  // Of a photo it says that it noted its product, too.
  const noted = status.getByText(`Copied ${said}. Noted as this photo’s product`);
  await expect(status.getByText(`Copied ${said}`, { exact: true }).or(noted)).toBeVisible();
  expect(await app.evaluate(async ({ clipboard }) => clipboard.readText())).toBe(sku);
}

/** Matches a photo again until the catalog is calibrated, which starts when it is loaded: then answers no longer change. */
export async function matchCalibrated(page: Page, photo: string): Promise<void> {
  await expect(async () => {
    await dropFile(page, photo, 'image/jpeg');
    await answered(page);
    await expect(page.getByRole('button', { name: /^Exact .*calibrated/ })).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 240_000, intervals: [2000, 5000] });
}
