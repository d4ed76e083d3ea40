// Starts the command line on a Node that is new enough, with compiled code kept between runs beside the dependencies.
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const dependencies = fileURLToPath(new URL('../../node_modules', import.meta.url));
if (existsSync(dependencies)) module.enableCompileCache(`${dependencies}/.cache/novasphere`);

const { main } = await import('../src/cli/main.ts');
const { stdin, stdout, stderr, env, argv } = process;
const exitCode = await main(argv.slice(2), { stdin, stdout, stderr, environment: env });

/** What was written may still be on its way into a pipe. */
const flushed = (stream) => new Promise((resolve) => stream.write('', resolve));
await Promise.all([flushed(stdout), flushed(stderr)]);
process.exit(exitCode);
