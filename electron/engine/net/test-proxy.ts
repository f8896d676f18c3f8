// Shared by the tests of proxies: a proxy and a secure server on this machine.
import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';

/** A self-signed certificate of "shop.example" and localhost, valid until 2126. It protects nothing: its key is below. */
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBqjCCAU+gAwIBAgIUDzTjZnLKWxSO3MgiUUgRlbCyl5swCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMc2hvcC5leGFtcGxlMCAXDTI2MTEzMDA0NDUxOFoYDzIxMjYx
MTA2MDQ0NTE4WjAXMRUwEwYDVQQDDAxzaG9wLmV4YW1wbGUwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAASIILNJUVc3EQuLJs2Qtl8fbfjDFsm8QlbzbJ56Eoo5JRGK
remkugUuFaCRKQTJHGs9kW2m/p4vV48GRlAh0rMqo3cwdTAdBgNVHQ4EFgQUr1dq
SjndXDShUy0CUSJBtLN+EI8wHwYDVR0jBBgwFoAUr1dqSjndXDShUy0CUSJBtLN+
EI8wDwYDVR0TAQH/BAUwAwEB/zAiBgNVHREEGzAZggxzaG9wLmV4YW1wbGWCCWxv
Y2FsaG9zdDAKBggqhkjOPQQDAgNJADBGAiEAjIF+U2gArRIYhlftnNtp7ASi6Gdf
t4HWBjF/Vgqb1+gCIQC5GWjlYMhSagzjWiCAtmuDtrtRSANe3oQ0CSkPmJsk+A==
-----END CERTIFICATE-----
`;
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgQhzLkGGHo+kOLXiO
xA/xh8JVamDTAaGVSLFYBAkkyMShRANCAASIILNJUVc3EQuLJs2Qtl8fbfjDFsm8
QlbzbJ56Eoo5JRGKremkugUuFaCRKQTJHGs9kW2m/p4vV48GRlAh0rMq
-----END PRIVATE KEY-----
`;

/** A server with shop.example's certificate. @returns its port */
export async function serveSecurely(listener: RequestListener): Promise<number> {
  return portOf(createSecureServer({ cert: CERTIFICATE, key: KEY }, listener));
}

export interface TestProxy {
  /** host:port */
  host: string;
  /** "GET http://shop.example/a" or "CONNECT shop.example:443", in order. */
  requests: string[];
  /** Headers of each request. */
  headers: IncomingMessage['headers'][];
  /** When set, every request gets this status. */
  refusal: number | null;
}

/** A proxy that sends every request to one port of this machine. */
export async function openProxy(port: number): Promise<TestProxy> {
  const server = createServer((request, response) => {
    note(request);
    if (proxy.refusal !== null) return response.writeHead(proxy.refusal).end('no');
    const { pathname, search } = new URL(request.url ?? '');
    const { 'proxy-authorization': _, ...headers } = request.headers;
    const onward = { host: '127.0.0.1', port, path: pathname + search, headers };
    const asked = httpRequest(onward, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    asked.on('error', () => response.destroy());
    return asked.end();
  });
  server.on('connect', (request, socket) => {
    note(request);
    socket.on('error', () => {});
    if (proxy.refusal !== null) return socket.end(`HTTP/1.1 ${proxy.refusal} No\r\n\r\n`);
    const onward = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
    return onward;
  });
  const note = (request: IncomingMessage) => {
    proxy.requests.push(`${request.method} ${request.url}`);
    proxy.headers.push(request.headers);
  };
  const proxy: TestProxy = {
    host: `127.0.0.1:${await portOf(server)}`,
    requests: [],
    headers: [],
    refusal: null,
  };
  return proxy;
}

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
