/** Takes the README's picture, `resources/screenshot.webp`, from the built app: `npm run readme-picture`. */
import path from 'node:path';
import sharp from 'sharp';
import { dropFile, launch, readyToMatch, repository, sampleCatalog } from './app.ts';
import { answered } from './matching.ts';
import makeSampleData, { sampleData } from './sample-data.ts';

/** The photos before the last one are among the recent ones. */
const PHOTOS = ['13-skirt-on-rail.jpg', '12-floral-shirt-at-dusk.jpg', '02-breton-on-bed.jpg'];
const WINDOW = { width: 1280, height: 800 };

const removeData = await makeSampleData();
const { app, page } = await launch(sampleData());
try {
  await readyToMatch(page);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.getByRole('button', { name: 'Not now' }).click();
  await page.setViewportSize(WINDOW);
  for (const photo of PHOTOS) {
    await dropFile(page, path.join(sampleCatalog, 'queries', photo), 'image/jpeg');
    await answered(page);
  }
  await page.keyboard.press('Space');
  await page.getByRole('region', { name: 'Product details' }).getByRole('listitem').first().waitFor();
  // Cards and details slide into place.
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
  const picture = await page.screenshot();
  await sharp(picture).webp({ quality: 82 }).toFile(path.join(repository, 'resources/screenshot.webp'));
} finally {
  await app.close();
  await removeData();
}
