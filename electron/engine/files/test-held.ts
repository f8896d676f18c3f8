// What Windows does and no other system: it keeps a file from being renamed or removed while another program reads it. For
// tests in this process, and, as `node --import …/test-held.ts`, for a program that is told by its environment.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

type Change = 'rename' | 'rm' | 'link';

interface Refused {
  /** How often it was refused. */
  times: number;
  [Symbol.dispose]: () => void;
}

/**
 * Has a change to paths refused until it is disposed of.
 * @param of a path; a move is `<from> > <to>`, a removal `<path>`. Parted by "/" on every system
 * @param most how often; for good when left out
 */
export function refuse(
  change: Change,
  of: RegExp,
  { most = Number.POSITIVE_INFINITY, code = 'EPERM' } = {},
): Refused {
  const original = fs.promises[change];
  const refused: Refused = {
    times: 0,
    [Symbol.dispose]: () => {
      Object.assign(fs.promises, { [change]: original });
      syncBuiltinESMExports();
    },
  };
  const refusing = async (path: string, ...more: unknown[]) => {
    const named = change === 'rm' ? [path] : [path, more[0]];
    if (of.test(named.join(' > ').replaceAll('\\', '/')) && refused.times < most) {
      refused.times++;
      throw Object.assign(new Error(`${code}: held, ${change} '${path}'`), { code, path, syscall: change });
    }
    return Reflect.apply(original, fs.promises, [path, ...more]);
  };
  Object.assign(fs.promises, { [change]: refusing });
  syncBuiltinESMExports();
  return refused;
}

// `LOOKALIKE_TEST_REFUSE='rename \.partial 3'`: a change, a pattern of paths, and how often; several by newlines.
for (const line of (process.env.LOOKALIKE_TEST_REFUSE ?? '').split('\n').filter(Boolean)) {
  const [change = '', pattern = '', most = 'Infinity'] = line.split(' ');
  if (change === 'rename' || change === 'rm' || change === 'link')
    refuse(change, new RegExp(pattern), { most: Number(most) });
}
