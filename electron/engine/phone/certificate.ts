import { createPrivateKey, generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { writeWhole } from '../files/changes.ts';

/** A key and its certificate, as PEM. */
export interface Certificate {
  key: string;
  cert: string;
}

/** Longer ones are refused by browsers even where a person trusts them. */
const HOLDS_DAYS = 397;
const DAY_MS = 86_400_000;

/** Reads this computer's own certificate from a file, or makes it. It is made anew before it expires. */
export async function ownCertificate(path: string): Promise<Certificate> {
  const kept = await readFile(path, 'utf8').catch(() => '');
  const found = fromPem(kept);
  if (found) return found;
  const made = makeCertificate();
  await writeWhole(path, made.key + made.cert, { mode: 0o600 });
  return made;
}

/** "AB:12:…", the SHA-256 that browsers show. */
export const fingerprintOf = ({ cert }: Certificate): string => new X509Certificate(cert).fingerprint256;

function fromPem(text: string): Certificate | null {
  const [key] = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n/.exec(text) ?? [];
  const [cert] = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/.exec(text) ?? [];
  if (!key || !cert) return null;
  try {
    const parsed = new X509Certificate(cert);
    const holds = Date.parse(parsed.validTo) > Date.now() + DAY_MS;
    return holds && parsed.checkPrivateKey(createPrivateKey(key)) ? { key, cert } : null;
  } catch {
    return null;
  }
}

/** Object identifiers in DER: ecdsa-with-SHA256 (RFC 5758), the common name (X.520), the alternative name (RFC 5280). */
const ECDSA_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');
const ALTERNATIVE_NAME = Buffer.from('0603551d11', 'hex');

/**
 * A self-signed certificate (RFC 5280), written here because Node makes keys and signatures but no certificates, and the libraries
 * that do bring an ASN.1 parser and a second cryptography with them. Its name is nobody's, because this computer's addresses change: it is recognised by its
 * fingerprint alone.
 */
export function makeCertificate(now = Date.now()): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(0x30, ECDSA_SHA256);
  const name = der(0x30, der(0x31, der(0x30, COMMON_NAME, der(0x0c, Buffer.from('Lookalike')))));
  // A positive number: its first bit is 0, and it has no leading zero byte.
  const serial = der(0x02, Buffer.concat([Buffer.of(0x5a), randomBytes(15)]));
  const validity = der(0x30, time(now - DAY_MS), time(now + HOLDS_DAYS * DAY_MS));
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const version = der(0xa0, der(0x02, Buffer.of(2)));
  const names = der(0x04, der(0x30, der(0x82, Buffer.from('lookalike.local'))));
  const extensions = der(0xa3, der(0x30, der(0x30, ALTERNATIVE_NAME, names)));
  const content = der(0x30, version, serial, algorithm, name, validity, name, spki, extensions);
  const signature = sign('sha256', content, privateKey);
  const whole = der(0x30, content, algorithm, der(0x03, Buffer.of(0), signature));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: new X509Certificate(whole).toString(),
  };
}

/** UTCTime, as RFC 5280 wants it until 2049. */
function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`));
}

/** A value in DER: its tag, its length, its content. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}
