import { closeSync, constants, openSync, writeSync } from 'node:fs';
import type { View } from '#ports/journal';
import { toAscii } from '#report/ascii';
import { plainView } from './plain-view.ts';

/** A view that is also written, as plain lines, to consoles of the machine, for whoever stands before it. */
export function mirroredView(view: View, consoles: readonly string[], directory = '/dev'): View {
  const mirrors = consoles.map((name) => mirrorOn(`${directory}/${name}`));
  return {
    show(entry) {
      view.show(entry);
      for (const mirror of mirrors) mirror.show(entry);
    },
    async close() {
      await Promise.all(mirrors.map((mirror) => mirror.close()));
      await view.close();
    },
  };
}

/** A console that is not there, or that nobody drains, must never hold up a run: what it does not take is dropped. */
function mirrorOn(path: string): View {
  const device = opened(path);
  const write = (text: string): void => {
    if (device === undefined) return;
    try {
      writeSync(device, text.replaceAll('\n', '\r\n'));
    } catch {
      // EAGAIN: the line is slower than the run.
    }
  };
  const view = plainView({ write, written: toAscii });
  return {
    show: view.show,
    async close() {
      await view.close();
      if (device !== undefined) closeSync(device);
    },
  };
}

function opened(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY | constants.O_APPEND);
  } catch {
    return undefined;
  }
}
