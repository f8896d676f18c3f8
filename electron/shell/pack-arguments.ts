import path from 'node:path';

/**
 * The packs among a program's arguments, as absolute paths. Chromium adds its own switches to the arguments of a second
 * instance.
 * @param folder where the program was started
 */
export function packsAmong(args: readonly string[], folder: string): string[] {
  return args
    .filter((argument) => !argument.startsWith('-') && /\.lookalike-pack$/i.test(argument))
    .map((file) => path.resolve(folder, file));
}
