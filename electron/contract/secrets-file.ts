import { z } from 'zod';

/** The id of a source. */
export const sourceId = z.string().regex(/^[a-z0-9-]{1,64}$/);

/** The file in the data folder where the shell keeps the sources' secrets. */
export const SECRETS_FILE = 'secrets.json';

/** Its content: ciphertext in base64, by the source's id. Only the shell can decrypt it. */
export const secretsFile = z.record(sourceId, z.base64());
