// `npm run eval [-- manifest.jsonl]`: measures the quality of rankings on a labelled set. See ../README.md.
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { fromHere } from '../../electron/cli/session.ts';
import { STARTER } from '../model.ts';
import {
  type Answer,
  askInOrder,
  askPhotos,
  askProducts,
  bandRecords,
  presenceOf,
  type Season,
} from './ask.ts';
import { failuresPage } from './failures-page.ts';
import { monthsToMarkdown, readUse } from './from-use.ts';
import { type ModelChoice, modelFromFolder, openGallery } from './gallery.ts';
import {
  absentHalf,
  type LabelledSet,
  labelsOf,
  otherViews,
  readManifest,
  sampleCatalog,
} from './labelled-set.ts';
import { MADE, makeQueries } from './made-queries.ts';
import { INSTANCE, LABELS, measure } from './metrics.ts';
import { type Measured, perCategory, type Report, toMarkdown } from './report.ts';
import { askSeasons, type InSeason, PARTS, SEASONS, type SeasonOptions } from './season.ts';
import { AS_IN_THE_APP, type Setting, settingsFor } from './settings.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');

const program = new Command('eval')
  .description('Measures how right the rankings are on a labelled set.')
  .argument('[manifest]', 'default: the sample catalog and its customer photos')
  .option('--model <id...>', 'installed models to compare', [])
  .option('--model-dir <dir...>', 'models in folders, as `models install --from` takes them', [])
  .option('--other-views', "each product's first photo is the catalog, its others are the queries", false)
  .option(
    '--absent-half',
    'half of the products are left out of the catalog; their photos show absent products',
    false,
  )
  .option('--learned', 'also with what was learned from the photos before, in five random orders', false)
  .option(
    '--season',
    'also with what people say of the answers before, in five random orders; and with a tenth of that wrong',
    false,
  )
  .option(
    '--from-use <dir>',
    'say instead how right answers have been by what people said of them, from a data folder',
  )
  .option('--out <dir>', 'where the report goes', join(REPOSITORY, 'bench/results/eval'))
  .parse();

const options = program.opts<{
  model: string[];
  modelDir: string[];
  otherViews: boolean;
  absentHalf: boolean;
  learned: boolean;
  season: boolean;
  fromUse?: string;
  out: string;
}>();
const [manifest] = program.args;
try {
  if (options.fromUse === undefined)
    await run(manifest ? await readManifest(fromHere(manifest)) : await sampleCatalog());
  else await reportUse(fromHere(options.fromUse), fromHere(options.out));
} catch (error) {
  program.error(error instanceof Error ? error.message : String(error));
}

async function reportUse(dataDir: string, out: string): Promise<void> {
  const months = await readUse(dataDir);
  await mkdir(out, { recursive: true });
  await writeFile(join(out, 'from-use.json'), `${JSON.stringify(months, null, 2)}\n`);
  await writeFile(join(out, 'from-use.md'), monthsToMarkdown(months));
  console.log(monthsToMarkdown(months));
}

async function run(read: LabelledSet): Promise<void> {
  const whole = options.otherViews ? otherViews(read) : read;
  const set = options.absentHalf ? absentHalf(whole) : whole;
  const out = join(fromHere(options.out), set.name.replaceAll(/[^\w-]+/g, '-'));
  await mkdir(out, { recursive: true });
  const leftOut = new Set(set.leftOut);
  const made = set.queries.length === 0;
  const queries = made ? await makeQueries(set.gallery, join(out, 'queries'), leftOut) : set.queries;
  const runs: Measured[] = [];
  for (const model of await chosenModels()) {
    const name = `failures-${model.id}.html`;
    runs.push(...(await measureModel({ ...set, queries }, { made, leftOut }, model, join(out, name))));
  }
  const report: Report = {
    set: set.name,
    note: made ? MADE : null,
    photos: set.gallery.length,
    products: labelsOf(set.gallery).size,
    queries: queries.length,
    leftOut: [...leftOut],
    runs,
  };
  await writeFile(join(out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(out, 'report.md'), toMarkdown(report));
  console.log(toMarkdown(report));
  console.error(`Written to ${out}`);
}

async function measureModel(
  set: LabelledSet,
  { made, leftOut }: { made: boolean; leftOut: Set<string> },
  model: ModelChoice,
  page: string,
): Promise<Measured[]> {
  const labels = labelsOf(set.gallery);
  const runs: Measured[] = [];
  const engine = await openGallery(set.gallery, model, leftOut);
  try {
    const { subjectModel } = await engine.status();
    for (const setting of settingsFor(subjectModel !== null)) {
      console.error(`${model.id}: ${setting.name}`);
      const answers = await askPhotos(engine, set.queries, labels, setting, leftOut);
      const alone = await askProducts(engine, labels, setting);
      runs.push(measured({ model: model.id, gallery: 'all images', setting, made }, answers, alone));
      if (setting === AS_IN_THE_APP) {
        await writeFile(page, await failuresPage(engine, `${set.name}, ${model.id}`, answers));
        const run = { model: model.id, gallery: 'all images', made };
        if (options.learned) {
          const seasons = await askInOrder(engine, set.queries, labels, setting, leftOut);
          runs.push(...inSeasons(seasons, answers, run));
        }
        if (options.season) {
          const ask = (how: SeasonOptions) => askSeasons(engine, set.queries, labels, setting, how, leftOut);
          runs.push(...(await withUse(ask, answers, run)));
        }
      }
    }
  } finally {
    await engine.close();
  }
  const firsts = [...labels.values()];
  if (firsts.length < set.gallery.length) {
    console.error(`${model.id}: first images`);
    const one = await openGallery(firsts, model, leftOut);
    try {
      const answers = await askPhotos(one, set.queries, labels, AS_IN_THE_APP, leftOut);
      const alone = await askProducts(one, labels, AS_IN_THE_APP);
      const run = { model: model.id, gallery: 'first images', setting: AS_IN_THE_APP, made };
      runs.push(measured(run, answers, alone));
    } finally {
      await one.close();
    }
  }
  return runs;
}

/** What was learned, beside the same queries without it: the first fifty of each order, and the later ones. */
function inSeasons(
  seasons: readonly Season[],
  without: readonly Answer[],
  run: { model: string; gallery: string; made: boolean },
): Measured[] {
  const known = new Map(without.map((answer) => [answer.query.path, answer]));
  return (['early', 'late'] as const).flatMap((part) => {
    const learned = seasons.flatMap((season) => season[part]);
    if (learned.length === 0) return [];
    const same = learned.flatMap(({ query }) => known.get(query.path) ?? []);
    const name = part === 'early' ? 'photos 1 to 50 of five orders' : 'later photos of five orders';
    const setting = (how: string) => ({ name: `${name}, ${how}`, request: {} });
    return [
      measured({ ...run, setting: setting('learned') }, learned, []),
      measured({ ...run, setting: setting('not learned') }, same, []),
    ];
  });
}

/** Seasons of use, beside the same photos with nothing learned: by how many answers people had given before. */
async function withUse(
  ask: (how: SeasonOptions) => Promise<InSeason[][]>,
  without: readonly Answer[],
  run: { model: string; gallery: string; made: boolean },
): Promise<Measured[]> {
  const known = new Map(without.map((answer) => [answer.query.path, answer]));
  const runs: Measured[] = [];
  for (const { name, options: how } of SEASONS) {
    console.error(`${run.model}: a season, ${name}`);
    const season = (await ask(how)).flat();
    for (const part of PARTS) {
      const answers = season.filter(part.has).map(({ answer }) => answer);
      if (answers.length === 0) continue;
      const setting = (learned: string) => ({ name: `${part.name}, ${learned}`, request: {} });
      const same = answers.flatMap(({ query }) => known.get(query.path) ?? []);
      runs.push(measured({ ...run, setting: setting(name) }, answers, []));
      if (how.feedback) runs.push(measured({ ...run, setting: setting('nothing learned') }, same, []));
    }
  }
  return runs;
}

function measured(
  { model, gallery, setting, made }: { model: string; gallery: string; setting: Setting; made: boolean },
  answers: readonly Answer[],
  alone: readonly Answer[],
): Measured {
  const outcomes = (of: readonly Answer[]) => of.map(({ outcome }) => outcome);
  // The nearest picture of the same category as an altered copy is its original. The category is meaningful only without
  // that.
  const labelled = made ? alone : answers;
  const isAppSetting = setting === AS_IN_THE_APP;
  const absent = answers.filter(({ outcome }) => !outcome.inCatalog);
  return {
    model,
    gallery,
    setting: setting.name,
    ranking: answers[0]?.ranking ?? null,
    queries: answers.length,
    absent: absent.length,
    metrics: { ...measure(outcomes(answers), INSTANCE), ...measure(outcomes(labelled), LABELS) },
    perCategory: isAppSetting ? perCategory(answers, labelled) : {},
    bands: isAppSetting ? bandRecords(answers.filter(({ outcome }) => outcome.inCatalog)) : [],
    presence: isAppSetting && absent.length > 0 ? presenceOf(answers) : null,
    heldOut: isAppSetting ? bandRecords(absent.length > 0 ? absent : alone) : [],
  };
}

/** The starter model unless others are named. */
async function chosenModels(): Promise<ModelChoice[]> {
  const shipped = [join(REPOSITORY, 'models')];
  const named = options.model.map((id) => ({ id, roots: shipped }));
  const own = await Promise.all(options.modelDir.map((dir) => modelFromFolder(fromHere(dir), shipped)));
  return own.length + named.length === 0 ? [{ id: STARTER, roots: shipped }] : [...named, ...own];
}
