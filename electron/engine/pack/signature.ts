import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { LookalikeError } from '../../contract/errors.ts';

/** @throws LookalikeError PACK_KEY_INVALID */
export const privateKey = (pem: string): KeyObject => ed25519(pem, createPrivateKey);

/** @throws LookalikeError PACK_KEY_INVALID */
export const publicKey = (pem: string): KeyObject => ed25519(pem, createPublicKey);

export const signed = (bytes: Uint8Array, key: KeyObject): Buffer => sign(null, bytes, key);

export const isSigned = (bytes: Uint8Array, signature: Uint8Array, key: KeyObject): boolean =>
  verify(null, bytes, key, signature);

function ed25519(pem: string, read: (pem: string) => KeyObject): KeyObject {
  let key: KeyObject;
  try {
    key = read(pem);
  } catch (cause) {
    throw new LookalikeError('PACK_KEY_INVALID', { cause });
  }
  // Any other kind of key would sign and verify with an algorithm that nobody chose.
  if (key.asymmetricKeyType !== 'ed25519') throw new LookalikeError('PACK_KEY_INVALID');
  return key;
}
