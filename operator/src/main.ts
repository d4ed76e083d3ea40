import about from '../../package.json' with { type: 'json' };
import { help } from './runtime/flag-table.ts';
import { FlagError } from './runtime/flag-values.ts';
import { type Settings, settingsOf } from './runtime/flags.ts';

/** The program: what is wrong with its flags is said before anything that takes time is loaded. */
const words = process.argv.slice(2);
if (words.includes('--help') || words.includes('-h')) process.stdout.write(help());
else if (words.includes('--version')) process.stdout.write(`${about.version}\n`);
else await begin();

async function begin(): Promise<void> {
  const settings = readSettings();
  if (settings === undefined) return void (process.exitCode = 2);
  const { operate } = await import('./operate.ts');
  await operate(settings);
}

function readSettings(): Settings | undefined {
  try {
    return settingsOf(words, process.env);
  } catch (error) {
    if (!(error instanceof FlagError)) throw error;
    process.stderr.write(`wukong-operator: ${error.message}\n`);
    return undefined;
  }
}
