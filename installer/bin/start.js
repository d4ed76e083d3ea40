// Starts the command line on a Node that is new enough, with compiled code kept between runs beside the dependencies.
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const dependencies = fileURLToPath(new URL('../../node_modules', import.meta.url));
if (existsSync(dependencies)) module.enableCompileCache(`${dependencies}/.cache/novasphere`);

const { main } = await import('../src/cli/main.ts');
const { stdin, stdout, stderr, env, argv } = process;
/** The first thing that went wrong with the output; a reader that goes away is nothing wrong. */
let lost;
stdout.on('error', (error) => {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') lost ??= error;
});
const exitCode = await main(argv.slice(2), { stdin, stdout, stderr, environment: env });

/** What was written may still be on its way into a pipe. */
const flushed = (stream) => new Promise((resolve) => stream.write('', resolve));
await Promise.all([flushed(stdout), flushed(stderr)]);
if (lost !== undefined) stderr.write(`the output could not be written: ${lost.message}\n`);
process.exit(exitCode === 0 && lost !== undefined ? 1 : exitCode);
