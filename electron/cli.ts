import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { addCompareCommands } from './cli/compare-commands.ts';
import { addModelsCommands } from './cli/models-commands.ts';
import { addPublishCommands } from './cli/publish-commands.ts';
import { addSearchCommands } from './cli/search-commands.ts';
import { faultSentence } from './cli/sentences.ts';
import { addServeCommand } from './cli/serve-command.ts';
import { printJson } from './cli/session.ts';
import { LookalikeError } from './contract/errors.ts';
import type { FaultCode } from './contract/faults.ts';

const EXIT_CODES = `
Exit codes:
  0    done (an import may still list problems of single items)
  1    something went wrong inside Lookalike
  2    the command line was not understood
  3    the photo, crop, feed, catalog pack, file of tokens or pictures to compare could not be used
  4    the catalog or a comparison is empty, busy, unreadable or cannot be written
  5    the model is missing, damaged, in use, not what it should be, or cannot be downloaded
  6    refused, nothing was changed: too much would be removed, or new pictures are not found
  7    incomplete: pictures are still to come, because their servers ask to wait; run it again to go on
  8    the server cannot listen at that port or socket
  130  cancelled`;

function exitCode(code: FaultCode): number {
  if (code === 'CANCELLED') return 130;
  if (code === 'COMPARISON_SOURCE_UNUSABLE') return 3;
  if (/^(IMAGE|PICTURE|CROP|FEED|ITEM|PRODUCT|PACK|ADDRESS|AUTH|PROXY|TOKEN)_/.test(code)) return 3;
  if (/^(CATALOG|COMPARISON|DATA|STORAGE|SNAPSHOT|SOURCES?)_/.test(code)) return 4;
  if (/^(MODEL|MANIFEST)_/.test(code)) return 5;
  if (code.startsWith('GATE_')) return 6;
  if (code.startsWith('SERVER_')) return 8;
  return 1;
}

const program = new Command('lookalike')
  .description('Finds the product in the photo, offline. The same engine as the app, from a terminal.')
  .addHelpText('after', EXIT_CODES)
  .exitOverride();

addPublishCommands(program);
addSearchCommands(program);
addCompareCommands(program);
addModelsCommands(program);
addServeCommand(program);

// The engine notes why something failed. A person gets the sentence of the fault, and of its cause one line without the stack.
console.error = (...said: unknown[]) => {
  process.stderr.write(`${said.map(String).join(' ').trim()}\n`);
};

// "… | head" closes the pipe once it has enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander prints its own errors. This one was thrown by our code while the command ran.
    if (error instanceof InvalidArgumentError) process.stderr.write(`lookalike: ${error.message}\n`);
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    const known =
      error instanceof LookalikeError
        ? error
        : new LookalikeError({ code: 'INTERNAL', params: { said: String(error) } });
    const { code, item, fault } = known;
    const message = faultSentence(fault);
    const shown = { code, message, ...(item && { item }), params: fault.params };
    if (process.argv.includes('--json')) printJson({ error: shown });
    process.stderr.write(`lookalike: ${message}${item && !message.includes(item) ? ` (${item})` : ''}\n`);
    if (code === 'INTERNAL' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    process.exitCode = exitCode(code);
  }
}
