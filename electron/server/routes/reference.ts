import { type OpenApiDocument, openApiDocument } from '../open-api.ts';
import { referencePage } from '../reference-page.ts';
import type { Routes } from '../route.ts';

/**
 * What is answered here, for programs and for people. It is the same on every machine and says nothing of the shop, and a
 * browser cannot send a token, so that it needs none.
 * @param routes the routes to describe beside our own contract
 */
export function reference(routes: Routes): Routes {
  let made: Promise<OpenApiDocument> | null = null;
  const document = () => {
    made ??= openApiDocument({ ...routes, ...pages });
    return made;
  };
  const pages: Routes = {
    'GET /openapi.json': {
      scope: null,
      summary: 'This reference, for programs.',
      answer: async () => Response.json(await document()),
    },
    'GET /reference': {
      scope: null,
      summary: 'This reference, as a page.',
      answer: async () => {
        const headers = { 'content-type': 'text/html; charset=utf-8' };
        return new Response(referencePage(await document()), { headers });
      },
    },
  };
  return pages;
}
