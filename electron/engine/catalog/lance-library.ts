import { createRequire } from 'node:module';
import { LookalikeError } from '../../contract/errors.ts';
import { libraryRemedy } from '../files/library-remedy.ts';

const require = createRequire(import.meta.url);
let loaded: typeof import('@lancedb/lancedb') | null = null;

/**
 * LanceDB, loaded when it is first needed: an import would end the process before anything could say what helps.
 * @throws LookalikeError CATALOG_LIBRARY_MISSING when it cannot be loaded on this machine
 */
export function lanceDb(): typeof import('@lancedb/lancedb') {
  try {
    const library: typeof import('@lancedb/lancedb') = loaded ?? require('@lancedb/lancedb');
    loaded = library;
    return library;
  } catch (cause) {
    throw new LookalikeError({ code: 'CATALOG_LIBRARY_MISSING', params: libraryRemedy(cause) }, { cause });
  }
}
