// What Windows does and no other system: it keeps a file from being renamed or removed while another program reads it. For
// tests in this process, and, as `node --import …/test-held.ts`, for a program that is told by its environment.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

type Change = (typeof CHANGES)[number];
/** Changes, and what another program keeps others from reading with. */
const CHANGES = ['rename', 'rm', 'link', 'open', 'readFile', 'readdir', 'stat'] as const;

interface Refused {
  /** How often it was refused. */
  times: number;
  [Symbol.dispose]: () => void;
}

/**
 * Has a change to paths, or reading them, refused until it is disposed of.
 * @param of a path; a move or a link is `<from> > <to>`. Parted by "/" on every system
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
    const named = change === 'rename' || change === 'link' ? [path, more[0]] : [path];
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

/**
 * Has a method of LanceDB's refused, as Lance refuses it when another program holds a file of the table: `fs` does not see
 * what Lance does.
 * @param of an object of the class
 * @param most how often
 */
export function refuseLance(of: object, method: string, most: number): Refused {
  const prototype: object = Object.getPrototypeOf(of);
  const original: unknown = Reflect.get(prototype, method);
  if (typeof original !== 'function') throw new Error(`${method} is no method.`);
  const refused: Refused = {
    times: 0,
    [Symbol.dispose]: () => Object.assign(prototype, { [method]: original }),
  };
  const refusing = function (this: unknown, ...given: unknown[]) {
    if (refused.times++ >= most) return Reflect.apply(original, this, given);
    return Promise.reject(new Error('LanceError(IO): Unable to copy file: Access is denied. (os error 5)'));
  };
  Object.assign(prototype, { [method]: refusing });
  return refused;
}

// `LOOKALIKE_TEST_REFUSE='rename \.partial 3'`: a change, a pattern of paths, and how often; several by newlines.
for (const line of (process.env.LOOKALIKE_TEST_REFUSE ?? '').split('\n').filter(Boolean)) {
  const [change = '', pattern = '', most = 'Infinity'] = line.split(' ');
  const known = CHANGES.find((each) => each === change);
  if (known) refuse(known, new RegExp(pattern), { most: Number(most) });
}
