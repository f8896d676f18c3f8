import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';

const root = path.resolve(import.meta.dirname, '../..');

/** electron-builder's own reader, so that the test sees the merged configuration that it would build with. */
const reader = z.object({
  getConfig: z.custom<(project: string, file: string, options: null) => Promise<unknown>>(),
  validateConfiguration: z.custom<(config: unknown, log: unknown) => Promise<void>>(),
});

async function settings(file: string) {
  const ofBuilder = createRequire(createRequire(import.meta.url).resolve('electron-builder'));
  const { getConfig, validateConfiguration } = reader.parse(
    ofBuilder('app-builder-lib/out/util/config/config'),
  );
  const config = await getConfig(root, file, null);
  await validateConfiguration(config, { isEnabled: false });
  return z
    .looseObject({
      forceCodeSigning: z.boolean(),
      files: z.unknown(),
      electronFuses: z.record(z.string(), z.boolean()),
      mac: z.looseObject({ entitlements: z.string(), entitlementsInherit: z.string() }),
    })
    .parse(config);
}

test('a release is signed, hardened and notarised, or not made', async () => {
  const { forceCodeSigning, mac } = await settings('electron-builder.yml');
  expect(forceCodeSigning).toBe(true);
  expect(mac).toMatchObject({ hardenedRuntime: true, notarize: true });
  // electron-builder chooses: null would mean none, "-" an ad-hoc identity.
  expect(mac.identity).toBeUndefined();
  const entitlements = readFileSync(path.join(root, mac.entitlements), 'utf8');
  expect(entitlements.match(/<key>.*<\/key>/g)).toEqual([
    '<key>com.apple.security.cs.allow-jit</key>',
    '<key>com.apple.security.device.camera</key>',
  ]);
  // Electron's helpers, including the engine's process, need no more than the app.
  expect(mac.entitlementsInherit).toBe(mac.entitlements);
});

test('an internal package is a release but for its signature, and sealed on the Mac', async () => {
  const release = await settings('electron-builder.yml');
  const internal = await settings('electron-builder.internal.yml');
  expect(internal).toEqual({
    ...release,
    extends: 'electron-builder.yml',
    forceCodeSigning: false,
    mac: { ...release.mac, identity: '-', hardenedRuntime: false, notarize: false },
  });
});
