// The last step of `npm run build`: writes dist/THIRD-PARTY-NOTICES.txt, which is part of the package. It lists every npm
// package that is bundled (as Vite reports them) or shipped as a folder (the production dependencies), with its licence.
import { existsSync, globSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const root = path.resolve(import.meta.dirname, '../..');
const dist = path.join(root, 'dist');
/** Texts of licences by SPDX name, for packages without a licence file. These texts name no holder, or "the authors". */
const standardTexts = path.join(root, 'resources/licenses');

interface Notice {
  name: string;
  version: string;
  /** As in package.json, usually an SPDX expression. */
  license: string;
  text: string;
}

/** The file that Vite writes with `build.license` (see vite.config.ts). */
const bundledPackages = z.array(
  z.object({
    name: z.string(),
    version: z.string(),
    identifier: z.string().optional(),
    text: z.string().optional(),
  }),
);
/** The lock file that npm keeps in node_modules: the installed packages. */
const installed = z.object({
  packages: z.record(z.string(), z.object({ dev: z.boolean().default(false) })),
});
const manifest = z.object({ name: z.string(), version: z.string(), license: z.string().optional() });

const read = (...names: string[]) => readFileSync(path.join(...names), 'utf8');

/** The packages in the bundles of the programs and the page. */
function bundled(): Notice[] {
  const lists = globSync('{.licenses,renderer/.licenses}/*.json', { cwd: dist });
  return lists.flatMap((list) =>
    bundledPackages.parse(JSON.parse(read(dist, list))).map(({ name, version, identifier, text }) => {
      const license = identifier ?? 'as below';
      return { name, version, license, text: text ?? standardText(name, license) };
    }),
  );
}

/** The packages that are copied into the package unchanged. */
function shipped(): Notice[] {
  const { packages } = installed.parse(JSON.parse(read(root, 'node_modules/.package-lock.json')));
  const production = Object.entries(packages).filter(([, { dev }]) => !dev);
  return production.map(([location]) => {
    const folder = path.join(root, location);
    const { name, version, license = 'as below' } = manifest.parse(JSON.parse(read(folder, 'package.json')));
    const files = readdirSync(folder);
    const licences = files.filter((file) => /^(licen[cs]e|copying)\b/i.test(file));
    const notices = files.filter((file) => /^(notice|copyright)/i.test(file));
    const texts = [...licences, ...notices].map((file) => read(folder, file).trim());
    if (licences.length === 0) texts.unshift(standardText(name, license));
    return { name, version, license, text: [...texts, ...partsOf(folder)].join('\n\n') };
  });
}

/** The libraries inside a package that its README lists (sharp's: libvips and its dependencies). */
function partsOf(folder: string): string[] {
  const readme = path.join(folder, 'README.md');
  const section = existsSync(readme) ? /^## Licensing$[\s\S]*/m.exec(read(readme)) : null;
  return section ? [section[0].trim()] : [];
}

/** @throws when there is no text for the licence, which must then be added to `resources/licenses` */
function standardText(name: string, license: string): string {
  const file = path.join(standardTexts, `${license}.txt`);
  if (existsSync(file)) return read(file).trim();
  throw new Error(`${name} comes without its licence, and ${file} is not there.`);
}

const byName = new Map([...bundled(), ...shipped()].map((each) => [`${each.name} ${each.version}`, each]));
const notices = [...byName.values()].sort((a, b) => a.name.localeCompare(b.name));
const line = '='.repeat(80);
const sections = notices.map(
  ({ name, version, license, text }) => `${line}\n${name} ${version} (${license})\n${line}\n\n${text}\n`,
);
const head = `Lookalike contains ${notices.length} packages of others. Their licences follow. Electron's and Chromium's stand in files of their own.
What @lancedb/lancedb is made of is listed in its folder, in RUST_THIRD_PARTY_LICENSES.html and NODEJS_THIRD_PARTY_LICENSES.md.
`;
writeFileSync(path.join(dist, 'THIRD-PARTY-NOTICES.txt'), [head, ...sections].join('\n'));
for (const lists of ['.licenses', 'renderer/.licenses'])
  rmSync(path.join(dist, lists), { recursive: true, force: true });
console.log(`dist/THIRD-PARTY-NOTICES.txt  ${notices.length} packages`);
