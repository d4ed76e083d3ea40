/** `EACCES: permission denied`: what the system says, without the call and the absolute path that Node adds. */
export function saidBy(error: Error): string {
  return error.message.replace(/, \w+( '.*')?$/s, '');
}
