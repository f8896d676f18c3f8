import type { FaultCode } from '../contract/faults.ts';
import type { Sentences } from './sentence.ts';

/** Sentences about the local server. */
export const serving = {
  SERVER_PORT_TAKEN: ({ port }) =>
    `Port ${port} is used by another program, so no program can ask Lookalike. End that program, or choose another port.`,
  SERVER_NOT_LISTENING: ({ at, said }) => `The local server could not be started at ${at} (${said}).`,
  SERVER_SOCKET_TAKEN: ({ at }) => `Another program answers at ${at}. End it, or choose another socket.`,
  TOKEN_FILE_INVALID: (params) => {
    switch (params.reason) {
      case 'unreadable':
        return `The file of tokens could not be read (${params.said}).`;
      case 'line':
        return `Line ${params.line} of the file of tokens is not "name scope,scope token". The scopes are search, embed, index and admin.`;
      case 'short':
        return `The token in line ${params.line} is shorter than ${params.least} characters, and could be guessed.`;
      case 'same':
        return `The token in line ${params.line} is that of another program, too. Give each program its own.`;
      case 'empty':
        return 'The file of tokens has no token.';
    }
  },
  PRODUCT_WITHOUT_PICTURE: () =>
    'A new product needs a picture. Send one with it; later changes can come without.',
  PRODUCT_INVALID: ({ field, value }) =>
    value === null
      ? `"${field}" is missing, so the product was not taken.`
      : `"${field}": ${value} cannot be used, so the product was not taken.`,
  PHONE_ADDRESS_UNKNOWN: ({ address }) =>
    `This computer does not have the address ${address} any more. Choose another network.`,
  SHORTCUT_TAKEN: ({ shortcut }) =>
    `${shortcut} cannot be used: the system or another program has it. Choose another key.`,
  SHORTCUT_NEEDED: ({ shortcut }) =>
    `${shortcut.replace('Control', 'Ctrl')} belongs to other programs, which would lose it. Choose an F key that is free, or two of Ctrl, Alt and Shift with a letter, such as Ctrl+Alt+L.`,
  CLIENT_UNKNOWN: () => 'This client is not known any more.',
} satisfies Partial<Sentences<FaultCode>>;
