import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LookalikeError } from '../contract/errors.ts';
import type { FaultParams } from '../contract/faults.ts';
import { makeTemporaryFolder, removeFolder } from '../dev/temporary-folder.ts';
import { Secrets } from './secrets.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await makeTemporaryFolder();
  file = path.join(folder, 'data', 'secrets.json');
});
afterEach(() => removeFolder(folder));

const SHOP = 'https://shop.example';
const at = (value: string, origin = SHOP) => ({ origin, value });

/** A keyring of this test. Another keyring has another key. */
function keyring({
  available = true,
  backend = 'gnome_libsecret' as 'gnome_libsecret' | 'basic_text' | 'unknown',
} = {}) {
  const key = randomBytes(32);
  return {
    isEncryptionAvailable: () => available,
    getSelectedStorageBackend: () => backend,
    encryptString: (text: string) => {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]);
    },
    decryptString: (bytes: Buffer) => {
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(12, 28));
      return decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8');
    },
  };
}

const unavailable = (params: FaultParams['SECRET_UNAVAILABLE']) => ({
  fault: { code: 'SECRET_UNAVAILABLE', params },
});
const lost = unavailable({ reason: 'unreadable' });
const noStorage = unavailable({ reason: 'no-storage' });

test('a secret is there after a restart, and nobody can read it in the file', async () => {
  const storage = keyring();
  await new Secrets(file, storage).save('shop', at('Bearer grüße'));
  expect(await new Secrets(file, storage).read('shop', SHOP)).toBe('Bearer grüße');
  const text = await readFile(file, 'utf8');
  expect(text).not.toContain('Bearer');
  expect(text).not.toContain(Buffer.from('Bearer').toString('base64').slice(0, 7));
  if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('a source without a secret has none, whatever it is called', async () => {
  const secrets = new Secrets(file, keyring());
  expect(await secrets.read('constructor', SHOP)).toBeNull();
  await secrets.save('constructor', at('a'));
  expect(await secrets.read('constructor', SHOP)).toBe('a');
  expect(await secrets.read('shop', SHOP)).toBeNull();
});

test('a new secret takes the place of the old one, and null forgets it', async () => {
  const secrets = new Secrets(file, keyring());
  await secrets.save('shop', at('old'));
  await secrets.save('shop', at('new'));
  expect(await secrets.read('shop', SHOP)).toBe('new');
  await secrets.save('shop', null);
  expect(await secrets.read('shop', SHOP)).toBeNull();
});

test('a secret goes nowhere but to the origin it was entered for', async () => {
  const secrets = new Secrets(file, keyring());
  await secrets.save('shop', at('a'));
  for (const origin of ['http://shop.example', 'https://shop.example:8443', 'https://evil.example']) {
    const moved = unavailable({ reason: 'other-origin', enteredFor: SHOP, address: origin });
    await expect(secrets.read('shop', origin)).rejects.toMatchObject(moved);
  }
  expect(await secrets.read('shop', SHOP)).toBe('a');
  await secrets.save('shop', at('b', 'https://evil.example'));
  expect(await secrets.read('shop', 'https://evil.example')).toBe('b');
  await expect(secrets.read('shop', SHOP)).rejects.toMatchObject(
    unavailable({ reason: 'other-origin', enteredFor: 'https://evil.example', address: SHOP }),
  );
});

test('secrets that are saved at the same time are all kept, and nothing else is left in the folder', async () => {
  const secrets = new Secrets(file, keyring());
  const ids = Array.from({ length: 20 }, (_, index) => `shop-${index}`);
  await Promise.all(ids.map((id) => secrets.save(id, at(`secret of ${id}`))));
  expect(await Promise.all(ids.map((id) => secrets.read(id, SHOP)))).toEqual(
    ids.map((id) => `secret of ${id}`),
  );
  expect(await readdir(path.dirname(file))).toEqual(['secrets.json']);
});

test('without secure storage nothing is kept, though what there is can be forgotten', async () => {
  await new Secrets(file, keyring()).save('shop', at('a'));
  const before = await readFile(file, 'utf8');
  const secrets = new Secrets(file, keyring({ available: false }));
  await expect(secrets.save('other', at('b'))).rejects.toMatchObject(noStorage);
  await expect(secrets.read('shop', SHOP)).rejects.toMatchObject(noStorage);
  expect(await readFile(file, 'utf8')).toBe(before);
  await secrets.save('shop', null);
  expect(await secrets.read('shop', SHOP)).toBeNull();
});

test.each(['basic_text', 'unknown'] as const)(
  'on Linux the backend %s is no secure storage',
  async (backend) => {
    const saved = new Secrets(file, keyring({ backend })).save('shop', at('a'));
    if (process.platform === 'linux') await expect(saved).rejects.toMatchObject(noStorage);
    else await expect(saved).resolves.toBeUndefined();
  },
);

test('a secret that another computer has encrypted is lost, and can be entered again', async () => {
  await new Secrets(file, keyring()).save('shop', at('a'));
  const secrets = new Secrets(file, keyring());
  await expect(secrets.read('shop', SHOP)).rejects.toMatchObject(lost);
  await secrets.save('shop', at('b'));
  expect(await secrets.read('shop', SHOP)).toBe('b');
});

test.each(['', '{"shop":', '[]', '{"shop":1}', '{"shop":"not base64!"}', '{"../shop":"YQ=="}'])(
  'the damaged file %j loses its secrets, which can be entered again',
  async (damaged) => {
    const secrets = new Secrets(path.join(folder, 'secrets.json'), keyring());
    await writeFile(path.join(folder, 'secrets.json'), damaged);
    await expect(secrets.read('shop', SHOP)).rejects.toMatchObject(lost);
    await secrets.save('shop', at('b'));
    expect(await secrets.read('shop', SHOP)).toBe('b');
  },
);

test('a file that cannot be read is not written over', async () => {
  // A folder with that name cannot be read as a file by any user, not even root.
  const secrets = new Secrets(folder, keyring());
  await expect(secrets.read('shop', SHOP)).rejects.toBeInstanceOf(LookalikeError);
  await expect(secrets.save('shop', at('a'))).rejects.toMatchObject(lost);
});

test('a folder that cannot be made is told in a sentence', async () => {
  await writeFile(path.join(folder, 'data'), 'in the way');
  await expect(new Secrets(file, keyring()).save('shop', at('a'))).rejects.toBeInstanceOf(LookalikeError);
});

test('while the system asks the person for its key, the app goes on; what was encrypted before can be read', async () => {
  const storage = keyring();
  await new Secrets(file, storage).save('shop', at('before'));
  let allow = () => {};
  const asked = new Promise<void>((resolve) => {
    allow = resolve;
  });
  const held = () => {
    throw new Error('This call would hold the app.');
  };
  const asking = new Secrets(file, {
    getSelectedStorageBackend: storage.getSelectedStorageBackend,
    isEncryptionAvailable: held,
    encryptString: held,
    decryptString: held,
    isAsyncEncryptionAvailable: async () => true,
    encryptStringAsync: async (text) => storage.encryptString(text),
    decryptStringAsync: async (bytes) => {
      await asked;
      return { shouldReEncrypt: false, result: storage.decryptString(bytes) };
    },
  });
  const reading = asking.read('shop', SHOP);
  await asking.save('other', at('meanwhile'));
  allow();
  expect(await reading).toBe('before');
  expect(await asking.read('other', SHOP)).toBe('meanwhile');
});
