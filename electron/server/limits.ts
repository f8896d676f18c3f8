import { MOST_PICTURE_BYTES } from '../contract/limits.ts';

/** What programs may ask of the server. */
export interface ServerLimits {
  /** The largest body of a request, in bytes. A photo in base64 is a third larger than its file. */
  bodyBytes: number;
  /** Bytes of bodies that are held at the same time. */
  heldBytes: number;
  /** Requests of a client in a second, on average, and at once after a pause. */
  perSecond: number;
  burst: number;
  /** Requests that are under way: of all clients, and of one of them. */
  underWay: number;
  underWayOfOne: number;
  /** Refused tokens in a second after which everyone without a right token has to wait. */
  refusedPerSecond: number;
  /** Open connections. A further one takes the place of the one that has been idle for longest. */
  connections: number;
  /** How long the head of a request may take, all of a request, and silence of a connection, in milliseconds. */
  headMs: number;
  requestMs: number;
  idleMs: number;
  /** How often those are looked at, in milliseconds. */
  lookMs: number;
}

export const LIMITS: ServerLimits = {
  bodyBytes: MOST_PICTURE_BYTES,
  heldBytes: 400_000_000,
  perSecond: 300,
  burst: 600,
  underWay: 128,
  underWayOfOne: 64,
  refusedPerSecond: 5,
  connections: 512,
  headMs: 10_000,
  requestMs: 60_000,
  idleMs: 600_000,
  lookMs: 1000,
};

/**
 * Photo queries that the engine has at the same time: four that the model runs together, and the next four, which are decoded
 * while the answers of those before are made.
 */
export const AT_ONCE_IN_ENGINE = 8;
