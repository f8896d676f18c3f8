import { LookalikeError } from '../../contract/errors.ts';
import { StatusError } from '../net/failure.ts';
import { otherSpellings } from './image-refs.ts';
import { type Resource, type ResourceRequest, readResource } from './resource.ts';

/**
 * Reads a picture of a feed. When nothing is at its reference as written, other spellings are tried.
 * @throws LookalikeError as `readResource` does for the reference as written
 */
export async function readPicture(ref: string, request: ResourceRequest): Promise<Resource | 'unchanged'> {
  try {
    return await readResource(ref, request);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    for (const spelling of otherSpellings(ref)) {
      try {
        return await readResource(spelling, request);
      } catch (again) {
        if (!isNotFound(again)) throw again;
      }
    }
    throw error;
  }
}

/** Whether there is nothing at the reference, as opposed to a failure to ask. */
function isNotFound(error: unknown): boolean {
  if (!(error instanceof LookalikeError)) return false;
  const { cause } = error;
  if (cause instanceof StatusError) return [400, 404, 410].includes(cause.status);
  return cause instanceof Error && 'code' in cause && ['ENOENT', 'ENOTDIR'].includes(String(cause.code));
}
