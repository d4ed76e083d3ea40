import type { Check } from './health.ts';
import type { Answer, Answerer } from './serve.ts';

/**
 * `/healthz` and `/readyz` as Kubernetes' own programs answer: 200 and `ok`, or 500 and every check with what is wrong;
 * `?verbose` for all of it in any case, `?exclude=NAME` and `/healthz/NAME` for some or one.
 */
export function probes(endpoints: Readonly<Record<string, readonly Check[]>>): Answerer {
  return (url) => {
    const [endpoint = '', ...rest] = url.pathname.replace(/^\/|\/$/g, '').split('/');
    const checks = Object.hasOwn(endpoints, endpoint) ? endpoints[endpoint] : undefined;
    if (checks === undefined) return undefined;
    const excluded = url.searchParams.getAll('exclude');
    const named = rest.length === 0 ? checks : checks.filter((check) => check.name === rest.join('/'));
    if (named.length === 0) return undefined;
    return probe(
      [endpoint, ...rest].join('/'),
      named.filter((check) => !excluded.includes(check.name)),
      url.searchParams.has('verbose'),
    );
  };
}

function probe(endpoint: string, checks: readonly Check[], isVerbose: boolean): Answer {
  const results = checks.map(({ name, look }) => ({ name, trouble: look() }));
  const isGood = results.every(({ trouble }) => trouble === undefined);
  if (isGood && !isVerbose) return { status: 200, text: 'ok\n' };
  const lines = results.map(({ name, trouble }) =>
    trouble === undefined ? `[+]${name} ok` : `[-]${name} failed: ${trouble}`,
  );
  const end = `${endpoint} check ${isGood ? 'passed' : 'failed'}`;
  return { status: isGood ? 200 : 500, text: `${[...lines, end].join('\n')}\n` };
}
