import { Refusal } from './refusal.ts';
import type { ErrorForm, Route, Routes } from './route.ts';
import { apiV1 } from './routes/api-v1.ts';
import { embeddings } from './routes/embeddings.ts';
import { imageSearch } from './routes/image-search.ts';
import { reference } from './routes/reference.ts';
import { searchImages } from './routes/search-images.ts';
import { THUMBNAILS, thumbnail } from './routes/thumbnails.ts';
import { v1 } from './v1.ts';

/** The contracts that clients already speak. */
const SPOKEN: Routes = { ...imageSearch, ...apiV1, ...embeddings, ...searchImages };
const ROUTES: Routes = { ...SPOKEN, ...reference({ ...SPOKEN, [`GET ${THUMBNAILS}{id}`]: thumbnail }) };

/** All others, such as TRACE, have no meaning here, and some cannot be made a `Request` of. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** The route of a request, or why there is none. */
export function findRoute(method: string, path: string): Route | Refusal {
  if (!METHODS.includes(method)) {
    const allow = { allow: METHODS.join(', ') };
    return new Refusal(405, 'METHOD_NOT_ALLOWED', 'This method is not answered.', allow);
  }
  if (method === 'GET' && path.startsWith(THUMBNAILS)) return thumbnail;
  if (path.startsWith('/v1/')) return v1;
  const route = Object.hasOwn(ROUTES, `${method} ${path}`) ? ROUTES[`${method} ${path}`] : undefined;
  if (route) return route;
  const others = Object.keys(ROUTES).flatMap((key) => {
    const [other = '', itsPath] = key.split(' ');
    return itsPath === path ? [other] : [];
  });
  if (others.length === 0) return new Refusal(404, 'NOT_FOUND', 'Nothing is answered at this address.');
  const allow = { allow: others.join(', ') };
  return new Refusal(405, 'METHOD_NOT_ALLOWED', `This address answers ${others.join(' and ')}.`, allow);
}

/** How the clients of an address expect errors. */
export function errorFormOf(target: string): ErrorForm {
  if (target.startsWith('/api/image-search/')) return 'find-similar';
  return /^\/(api\/|embed\/|encode|extract-features|health)/.test(target) ? 'detail' : 'problem';
}
