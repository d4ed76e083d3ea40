import { holderOf } from '#adapters/run-lock';
import { systemClock } from '#adapters/system-clock';
import { historyOf } from '#report/history';
import { statusScreen } from '#report/status-screen';
import { tell } from '#report/tell';
import type { Call } from './call.ts';
import { chooseView } from './choose-view.ts';
import { stateOf } from './state.ts';

const look = 500;

/** `novasphere status`: where the current or last run is; with `--follow` its events until it ends. */
export async function status(call: Call): Promise<number> {
  const { options, terminal } = call;
  if (options.flag('follow')) return follow(call);
  const state = stateOf(terminal);
  const { entries } = state.read();
  const story = tell(entries);
  const holder = holderOf(state.path);
  const isAlive = holder !== undefined;
  const { paint, columns } = terminal;
  const history = historyOf(state.all());
  terminal.print(statusScreen(story, { now: systemClock().now(), isAlive, history, paint, columns }));
  terminal.json({ version: 1, isAlive, holder: holder ?? null, story });
  return 0;
}

/** Shows the last run from its beginning and goes on while its process lives. */
async function follow({ terminal, interruption }: Call): Promise<number> {
  const state = stateOf(terminal);
  const { run } = state.read();
  const signal = interruption(() => {});
  const clock = systemClock();
  const view = await chooseView(terminal, historyOf(state.all()));
  let shown = 0;
  for (;;) {
    const wasAlive = holderOf(state.path) !== undefined;
    const { entries } = state.read(run);
    for (const entry of entries.slice(shown)) view.show(entry);
    shown = entries.length;
    const isOver = entries.at(-1)?.event === 'run-ended' || !wasAlive;
    if (isOver || signal.aborted || terminal.isGone) break;
    await clock.sleep(look, signal).catch(() => {});
  }
  await view.close();
  return 0;
}
