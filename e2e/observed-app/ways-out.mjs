// Takes every way out that Node has, each to a port of its own on this machine, and prints what the socket guard has to
// note of each: { "way": "note" }.
import { spawn } from 'node:child_process';
import dgram from 'node:dgram';
import dns, { lookup } from 'node:dns';
import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { Worker } from 'node:worker_threads';
import { request } from 'undici';

const host = '127.0.0.1';
const ignored = () => {};
const ended = (emitter) => new Promise((resolve) => emitter.on('error', resolve).on('close', resolve));
const inNode = (port) => `require('node:net').connect(${port}, '${host}').on('error', () => {})`;

const connecting = {
  net: (port) => ended(net.connect(port, host)),
  'net.Socket': (port) => ended(new net.Socket().connect({ host, port })),
  tls: (port) => ended(tls.connect(port, host)),
  http: (port) => ended(http.get({ host, port })),
  https: (port) => ended(https.get({ host, port })),
  http2: (port) => ended(http2.connect(`http://${host}:${port}`)),
  fetch: (port) => fetch(`http://${host}:${port}/`).catch(ignored),
  undici: (port) => request(`http://${host}:${port}/`).catch(ignored),
  'a thread': (port) => once(new Worker(inNode(port), { eval: true }), 'exit'),
  'a program': (port) => once(spawn(process.execPath, ['-e', inNode(port)]), 'exit'),
};

const seen = {};
for (const [way, connect] of Object.entries(connecting)) {
  const server = net.createServer((socket) => socket.on('error', ignored).destroy()).listen(0, host);
  await once(server, 'listening');
  const { port } = server.address();
  await connect(port);
  server.close();
  seen[way] = `connect ${host}:${port}`;
}

const silent = dgram.createSocket('udp4');
await new Promise((resolve) => silent.bind(0, host, resolve));
const { port } = silent.address();
const sender = dgram.createSocket('udp4');
await new Promise((resolve) => sender.send('x', port, host, resolve));
seen.dgram = `udp send x ${port} ${host}`;
sender.close();

await new Promise((resolve) => lookup('localhost', resolve));
seen['dns.lookup'] = 'look up localhost';
await dns.promises.lookup(host);
seen['dns.promises'] = `look up ${host}`;
const resolver = new dns.promises.Resolver({ timeout: 100, tries: 1 });
resolver.setServers([`${host}:${port}`]);
await resolver.resolve4('shop.invalid').catch(ignored);
seen['dns.promises.Resolver'] = 'look up shop.invalid';
silent.close();

console.log(JSON.stringify(seen));
