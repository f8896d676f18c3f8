import type { ImportProgress, ImportReport, SearchResponse, Status } from '../contract/schemas.ts';

const out = (line: string) => process.stdout.write(`${line}\n`);
const PHASES = { reading: 'Reading the feed', embedding: 'Pictures', publishing: 'Publishing' } as const;
const MOST_PROBLEMS = 20;
let lastProgress = 0;

/** One line on stderr: redrawn on a terminal, every few seconds elsewhere. */
export function printProgress(progress: ImportProgress): void {
  const terminal = process.stderr.isTTY;
  if (!terminal && Date.now() - lastProgress < 3000) return;
  lastProgress = Date.now();
  const { phase, done, total, rate, secondsLeft } = progress;
  const count = total === null ? '' : ` ${done} of ${total}`;
  const speed = rate > 0 ? `, ${rate.toFixed(1)} a second` : '';
  const left = secondsLeft === null ? '' : `, ${Math.ceil(secondsLeft)} s left`;
  process.stderr.write(
    `${terminal ? '\r\x1b[K' : ''}${PHASES[phase]}${count}${speed}${left}${terminal ? '' : '\n'}`,
  );
}

export function printReport(report: ImportReport): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  const { products, images, problems, published, seconds } = report;
  out(
    published
      ? `Published "${published.name}" as version ${published.version} in ${seconds.toFixed(1)} s`
      : `Nothing had changed (${seconds.toFixed(1)} s)`,
  );
  out(
    `${products.total} products: ${products.added} added, ${products.changed} changed, ${products.unchanged} unchanged, ${products.removed} removed`,
  );
  out(`${images.total} pictures: ${images.embedded} embedded, ${images.reused} known from before`);
  if (problems.length === 0) return;
  out(`${problems.length} problems:`);
  for (const { item, image, message } of problems.slice(0, MOST_PROBLEMS)) {
    out(`  ${item}: ${message}${image ? ` (${image})` : ''}`);
  }
  if (problems.length > MOST_PROBLEMS)
    out(`  and ${problems.length - MOST_PROBLEMS} more; --json lists them all`);
}

export function printResults(answer: SearchResponse): void {
  for (const { rank, score, band, sku, title, price, currency } of answer.results) {
    const cost = price === null ? '' : `  ${price.toFixed(2)} ${currency ?? ''}`;
    out(`${String(rank).padStart(3)}  ${score.toFixed(3)}  ${band.padEnd(7)}  ${sku}  ${title}${cost}`);
  }
  if (answer.results.length === 0) out('No product passes these filters.');
  const { decode, embed, search, thumbnails, total } = answer.timings;
  const times = [
    `decode ${ms(decode)}`,
    `embed ${ms(embed)}`,
    `search ${ms(search)}`,
    `thumbnails ${ms(thumbnails)}`,
  ];
  process.stderr.write(
    `${answer.model.name} on ${answer.provider}; ${times.join(', ')}, total ${ms(total)} ms; ` +
      `${answer.total} products of "${answer.snapshot.name}"\n`,
  );
}

export function printStatus({ model, provider, snapshot }: Status): void {
  const starter = model.tier === 'starter' ? ' (starter: install FashionCLIP for best results)' : '';
  out(`Model    ${model.name}${starter}, ${model.dim} numbers, on ${provider}`);
  if (!snapshot) out('Catalog  none yet; import one');
  else {
    out(`Catalog  ${snapshot.name}, version ${snapshot.version}, published ${snapshot.publishedAt}`);
    out(`         ${snapshot.products} products, ${snapshot.images} pictures, from ${snapshot.source}`);
  }
}

const ms = (milliseconds: number) => milliseconds.toFixed(milliseconds < 10 ? 1 : 0);
