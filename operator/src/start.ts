import { assemble, type OperatorOptions } from './assembly.ts';

/**
 * The operator from its start until its signal aborts: caches are kept warm from the beginning, and reconciled only
 * while it leads. Rejects when the lead is lost: the process ends then, so that two never write at a time.
 */
export async function startOperator(options: OperatorOptions): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  const operator = assemble(options);
  const running = operator.caches.run(signal);
  try {
    const end = await operator.lead(signal);
    if (end === 'lost') throw new Error('the lead was lost to another replica, or could not be renewed in time');
  } finally {
    over.abort(new Error('the operator ends'));
  }
  await running;
}
