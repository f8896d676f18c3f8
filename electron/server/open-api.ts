import { type ConditionalSchemaConverter, OpenAPIGenerator } from '@orpc/openapi';
import { z } from 'zod';
import { bytes } from '../contract/catalog.ts';
import { contract } from '../contract/contract.ts';
import { photo, searchResponse } from '../contract/search.ts';
import type { Route, Routes } from './route.ts';
import { served } from './v1.ts';

/** A document of OpenAPI 3.1, as far as it is looked into here. */
export type OpenApiDocument = Awaited<ReturnType<OpenAPIGenerator['generate']>>;

/** The contract's own zod schemas as JSON Schema. */
const zodSchemas: ConditionalSchemaConverter = {
  condition: (schema) => zodOf(schema) !== null,
  convert: (given, { strategy }) => {
    const schema = zodOf(given);
    if (!schema) return [false, {}];
    const json = z.toJSONSchema(schema, {
      io: strategy,
      unrepresentable: 'any',
      override: ({ zodSchema, jsonSchema }) => {
        if (zodSchema === bytes) Object.assign(jsonSchema, BASE64);
        // Paths are not served.
        const [asBytes] = zodSchema === photo ? (jsonSchema.anyOf ?? []) : [];
        if (asBytes) jsonSchema.anyOf = [asBytes];
      },
    });
    const { $schema: _, ...rest } = json;
    return [!schema.safeParse(undefined).success, JSON.parse(JSON.stringify(rest))];
  },
};

/** The engine's own answer to a search is not parsed again, so its schema is looked up. */
function zodOf(schema: unknown): z.ZodType | null {
  if (schema === contract.search['~orpc'].outputSchema) return searchResponse;
  return schema instanceof z.ZodType ? schema : null;
}

const BASE64 = { type: 'string', contentEncoding: 'base64', description: 'The file, in base64.' };

/** Describes all that is answered: our own contract from its schemas, and the routes of others by what they take. */
export async function openApiDocument(routes: Routes): Promise<OpenApiDocument> {
  const generator = new OpenAPIGenerator({ schemaConverters: [zodSchemas] });
  const names = Object.keys(served);
  const document = await generator.generate(contract, {
    info: {
      title: 'Lookalike',
      version: '1',
      description:
        'Finds the product in the photo. Every address needs a token, but for health and this page.',
    },
    filter: ({ path }) => names.includes(path.join('.')),
    security: [{ token: [] }],
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: {
        Problem: {
          type: 'object',
          description: 'RFC 9457',
          properties: {
            type: { type: 'string' },
            title: { type: 'string' },
            status: { type: 'integer' },
            detail: { type: 'string', description: 'A sentence for people.' },
            code: { type: 'string', description: 'The same for programs.' },
          },
          required: ['type', 'title', 'status', 'detail', 'code'],
        },
      },
    },
  });
  const paths = Object.entries(document.paths ?? {}).map(([path, item]) => [
    `/v1${path}`,
    withProblems(item),
  ]);
  return { ...document, paths: { ...Object.fromEntries(paths), ...pathsOf(routes) } };
}

const PROBLEM_ANSWER = {
  description: 'Why it was not answered',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

/** Every call fails in the same form, with many codes. */
function withProblems(item: object | undefined): object {
  const operations = Object.entries(item ?? {}).map(([method, operation]) => {
    const { responses = {}, ...rest } = operation;
    const right = Object.entries(responses).filter(([status]) => Number(status) < 400);
    return [method, { ...rest, responses: { ...Object.fromEntries(right), default: PROBLEM_ANSWER } }];
  });
  return Object.fromEntries(operations);
}

function pathsOf(routes: Routes): Record<string, object> {
  const paths: Record<string, Record<string, object>> = {};
  for (const [key, route] of Object.entries(routes)) {
    const [method = '', path = ''] = key.split(' ');
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(path, route) };
  }
  return paths;
}

/** A route of others' contracts, with what it takes. */
function operationOf(path: string, { summary, scope, takes = {} }: Route): object {
  const { query, json, form } = takes;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => {
    return { name, in: 'path', required: true, schema: { type: 'string' } };
  });
  const inQuery = Object.entries(query?.shape ?? {}).map(([name, field]) => {
    const required = !field.safeParse(undefined).success;
    return { name, in: 'query', required, schema: jsonSchemaOf(field) };
  });
  const parameters = [...inPath, ...inQuery];
  const content = {
    ...(json && { 'application/json': { schema: jsonSchemaOf(json) } }),
    ...(form && { 'multipart/form-data': { schema: jsonSchemaOf(form) } }),
  };
  return {
    summary,
    tags: [scope ?? 'anybody'],
    ...(parameters.length > 0 && { parameters }),
    ...((json || form) && { requestBody: { required: true, content } }),
    responses: { 200: { description: 'OK' } },
    ...(scope === null && { security: [] }),
  };
}

function jsonSchemaOf(schema: z.ZodType): object {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return json;
}
