import { defineConfig } from '@playwright/test';

// Each test has an app and a data folder of its own, and each worker a virtual display with its own clipboard and focus.
export default defineConfig({
  testDir: '.',
  globalSetup: './sample-data.ts',
  outputDir: '../test-results',
  // A test that waits for what does not happen ends by its own expectations; this is for a machine that is busy.
  timeout: 300_000,
  expect: { timeout: 60_000 },
  // Much of a test is an app that starts and a page that waits: one keeps no two cores busy.
  workers: 2,
  forbidOnly: true,
  reporter: 'list',
});
