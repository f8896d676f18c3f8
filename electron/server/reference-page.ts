import { z } from 'zod';
import type { OpenApiDocument } from './open-api.ts';

/** The reference as one page, made of the OpenAPI document. It has no script, and loads nothing. */
export function referencePage({ info, paths = {} }: OpenApiDocument): string {
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item ?? {}).map(([method, written]) => operationHtml(method.toUpperCase(), path, written)),
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(info.title)}: reference</title>
<style>${STYLE}</style>
<main>
<h1>${escaped(info.title)}</h1>
<p>${escaped(info.description ?? '')} Programs read the same as <a href="/openapi.json">openapi.json</a>.</p>
<p>Send the token with every request:</p>
<pre>Authorization: Bearer …</pre>
${operations.join('\n')}
</main>
</html>
`;
}

const operation = z.object({
  summary: z.string().default(''),
  tags: z.array(z.string()).default([]),
  parameters: z.unknown().optional(),
  requestBody: z.unknown().optional(),
  responses: z.unknown().optional(),
});

function operationHtml(method: string, path: string, written: unknown): string {
  const { summary, tags, ...rest } = operation.parse(written);
  const parts = [
    ['Parameters', rest.parameters],
    ['Request', rest.requestBody],
    ['Answers', rest.responses],
  ] as const;
  const details = parts.flatMap(([name, part]) =>
    part === undefined
      ? []
      : [`<details><summary>${name}</summary><pre>${escaped(JSON.stringify(part, null, 2))}</pre></details>`],
  );
  return `<section>
<h2><b>${escaped(method)}</b> <code>${escaped(path)}</code></h2>
<p>${escaped(summary)} <small>${escaped(tags.join(', '))}</small></p>
${details.join('\n')}
</section>`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? '');

/** Light or dark as the system is. */
const STYLE = `
:root { color-scheme: light dark; --paper: #faf8f5; --ink: #23201c; --quiet: #6b655d; --line: #e2ddd5; --well: #f1ede6; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #1a1918; --ink: #ece9e4; --quiet: #a29c93; --line: #34312e; --well: #242220; }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 14px/1.5 system-ui, sans-serif; }
main { max-width: 860px; margin: 0 auto; padding: 32px 20px 80px; }
h1 { font-size: 22px; }
section { padding: 14px 0; border-top: 1px solid var(--line); }
h2 { margin: 0; font-size: 14px; font-weight: 400; overflow-wrap: anywhere; }
h2 b { display: inline-block; min-width: 44px; font-size: 12px; color: var(--quiet); }
p { margin: 4px 0; }
small { color: var(--quiet); }
code, pre { font: 13px/1.5 ui-monospace, monospace; }
pre { margin: 6px 0; padding: 10px 12px; overflow: auto; max-height: 420px; border-radius: 6px; background: var(--well); }
summary { cursor: pointer; color: var(--quiet); }
`;
