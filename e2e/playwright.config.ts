import { defineConfig } from '@playwright/test';

// Each test has an app and a data folder of its own, but two apps that embed at once are slower than one after the
// other on two cores.
export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  // A test that waits for what does not happen ends by its own expectations; this is for a machine that is busy.
  timeout: 300_000,
  expect: { timeout: 15_000 },
  workers: 1,
  forbidOnly: true,
  reporter: 'list',
});
