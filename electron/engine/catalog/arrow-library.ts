import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * The copy of Apache Arrow that LanceDB has loaded (the package comes as a CommonJS and as an ES module). LanceDB converts
 * tables of the other copy, and that conversion fails for its own blob columns.
 */
export const arrow: typeof import('apache-arrow') = createRequire(require.resolve('@lancedb/lancedb'))(
  'apache-arrow',
);
