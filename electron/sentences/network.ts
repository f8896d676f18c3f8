import type { FaultCode } from '../contract/faults.ts';
import type { Sentences } from './sentence.ts';

/** What every front says of the network. */
export const network = {
  PICTURE_ADDRESS_PRIVATE: ({ host }) =>
    `${host} is on this computer or in its own network, and Lookalike fetches pictures from the internet alone. Save the picture and use the file.`,
  PROXY_SETTING_INVALID: ({ setting }) =>
    `${setting} does not hold the address of a proxy. Write it like http://proxy.example:3128.`,
  PROXY_SETTINGS_UNKNOWN: ({ host }) =>
    `This computer did not say whether a proxy is needed to reach ${host}, so nothing was sent. Try again.`,
  PICTURE_NOT_CHECKED: ({ host }) =>
    `${host} asks to be left alone for a while, so the picture was kept without asking whether it has changed.`,
} satisfies Partial<Sentences<FaultCode>>;
