import { defineConfig } from '@playwright/test';

// Each test has its own app and data folder, and each worker a virtual display with its own clipboard and focus.
export default defineConfig({
  testDir: '.',
  globalSetup: './sample-data.ts',
  outputDir: '../test-results',
  // For a busy machine. Each test's own expectations end earlier.
  timeout: 300_000,
  expect: { timeout: 20_000 },
  // Most of a test's time is waiting for the app and the page, so one test does not keep two cores busy.
  workers: 3,
  forbidOnly: true,
  reporter: 'list',
});
