import type { ContractRouterClient } from '@orpc/contract';
import type { z } from 'zod';
import type { contract } from '../contract/contract.ts';
import type { KnownClient, Scope } from '../contract/serving.ts';
import type { Refusal } from './refusal.ts';

/** The engine, asked through the contract, as the window asks. */
export type EngineClient = ContractRouterClient<typeof contract>;

/** One request, with what is needed to answer it. */
export interface Asked {
  /** Its body is in memory, within the limits. */
  request: Request;
  url: URL;
  engine: EngineClient;
  /** Aborts when the client has gone. */
  signal: AbortSignal;
  /** Null on routes that anybody may ask. */
  client: KnownClient | null;
  /** The address of the server as this client wrote it, without a slash; empty at a socket. */
  base: string;
}

/** How errors are told: each contract keeps its own form. */
export type ErrorForm = 'find-similar' | 'detail' | 'problem';

export interface Route {
  /** Null: anybody may ask, without a token. `by procedure`: the contract says which scope each of its calls needs. */
  scope: Scope | 'by procedure' | null;
  /** A sentence for the reference. */
  summary: string;
  /** For the reference: the fields of its query, and its body as JSON, as a form, or as either. */
  takes?: { query?: z.ZodObject; json?: z.ZodType; form?: z.ZodType };
  answer: (asked: Asked) => Promise<Response>;
}

/** Routes by method and path: "POST /encode". */
export type Routes = Readonly<Record<string, Route>>;

/** The answer to a refused request. */
export function toldAs(form: ErrorForm, { status, code, message, headers }: Refusal): Response {
  switch (form) {
    case 'find-similar':
      // The clients that are known read `message`, and the published contract says `error`.
      return Response.json({ success: false, error: message, message }, { status, headers });
    case 'detail':
      return Response.json({ detail: message }, { status, headers });
    case 'problem': {
      const problem = {
        type: 'about:blank',
        title: TITLES[status] ?? 'Error',
        status,
        detail: message,
        code,
      };
      const type = { 'content-type': 'application/problem+json' };
      return Response.json(problem, { status, headers: { ...headers, ...type } });
    }
  }
}

/** RFC 9457: a problem of the type "about:blank" has its status's name as title. */
const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
};
