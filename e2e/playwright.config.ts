import { defineConfig } from '@playwright/test';

// Each test has an app and a data folder of its own, but two apps that embed at once are slower than one after the
// other on two cores.
export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  timeout: 120_000,
  expect: { timeout: 15_000 },
  workers: 1,
  forbidOnly: true,
  reporter: 'list',
});
