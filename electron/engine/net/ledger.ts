import type { Connection, ConnectionReason, Connections } from '../../contract/connections.ts';
import { isLoopback } from './address-guard.ts';

/** Hosts that are listed individually. A feed names some dozens; a hostile one could name a million. */
const MOST_HOSTS = 500;

/** The list of contacted hosts since the start. Every request is noted before it is sent, so nothing can leave unlisted. */
export class Ledger {
  readonly #hosts = new Map<string, Connection>();
  #otherRequests = 0;
  /** Called after every note. */
  onChange: () => void = () => {};

  /** @param proxy host:port of the proxy that the request goes to */
  note(url: URL, reason: ConnectionReason, proxy: string | null): void {
    const key = `${url.host} ${reason} ${proxy}`;
    const now = new Date().toISOString();
    const known = this.#hosts.get(key);
    if (known) {
      known.requests++;
      known.lastAt = now;
    } else if (this.#hosts.size < MOST_HOSTS) {
      const local = proxy === null && isLoopback(url.hostname);
      const times = { firstAt: now, lastAt: now };
      this.#hosts.set(key, { host: url.host, reason, proxy, local, requests: 1, ...times });
    } else {
      this.#otherRequests++;
    }
    this.onChange();
  }

  get connections(): Connections {
    const hosts = [...this.#hosts.values()].map((each) => ({ ...each }));
    return {
      hosts: hosts.sort((a, b) => b.lastAt.localeCompare(a.lastAt)),
      otherRequests: this.#otherRequests,
    };
  }

  /** Continues the list of an engine that ran before this one. */
  restore({ hosts, otherRequests }: Connections): void {
    for (const each of hosts) this.#hosts.set(`${each.host} ${each.reason} ${each.proxy}`, { ...each });
    this.#otherRequests += otherRequests;
  }
}
