import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import type { PhoneAddress } from '../../contract/phone.ts';

/** Interfaces of virtual machines, containers and tunnels: no phone is there. */
const VIRTUAL =
  /^(?:docker|br-|veth|virbr|vmnet|vEthernet|utun|tun|tap|wg|lxc|zt)|virtualbox|vmware|hyper-v/i;
const WIRELESS = /^(?:wl|wi-?fi|en0$|ap\d)/i;

/** Whether an address is one of a private network (RFC 1918), which nobody on the internet can reach. */
function isPrivate(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'private';
}

/** Whether whoever asks is in a private network, or this computer itself. */
export function isNear(address: string): boolean {
  return isPrivate(address) || (ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback');
}

/** This computer's addresses in private networks, the most likely one to be near a phone first. */
export function phoneAddresses(interfaces = networkInterfaces()): PhoneAddress[] {
  const found = Object.entries(interfaces).flatMap(([name, addresses = []]) =>
    addresses.flatMap(({ address, family, internal }) =>
      family === 'IPv4' && !internal && isPrivate(address) ? [{ address, name }] : [],
    ),
  );
  const rank = ({ name }: PhoneAddress) => (VIRTUAL.test(name) ? 2 : WIRELESS.test(name) ? 0 : 1);
  return found.sort((a, b) => rank(a) - rank(b));
}
