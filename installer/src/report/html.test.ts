import { describe, expect, it } from 'vitest';
import type { Entry } from '#ports/journal';
import { sampleFault, sampleJournal } from '../../../test/report/sample-journal.ts';
import { htmlReport } from './html.ts';
import { tell } from './tell.ts';

const page = htmlReport(tell(sampleJournal()));

describe('the report page', () => {
  it('is as it was looked at and found good', async () => {
    await expect(page).toMatchFileSnapshot('../../../test/golden/report/report.html');
  });

  it('asks the network for nothing and runs no script', () => {
    expect(page).not.toMatch(/\b(src|href)\s*=|url\((?!#)|@import|<script/);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it('leads with the verdict and the certificate', () => {
    expect(page).toContain('<h1>plant-7 is ready: a VM booted on it</h1>');
    expect(page).toContain('<span class="prompt">sample login:</span>');
  });

  it('draws every wait with its reasons', () => {
    expect(page).toContain(
      '<title>waited 3 min 7 s for KubeVirt to be deployed\nnot yet: KubeVirt kubevirt/kubevirt has phase Deploying',
    );
  });

  it('shows a fault with its remedies before everything else', () => {
    const failed = htmlReport(tell(sampleJournal({ fail: { step: 'kubevirt/cr', fault: sampleFault } })));

    expect(failed).toContain('<h1>plant-7 is not ready yet</h1>');
    expect(failed.indexOf('What went wrong')).toBeLessThan(failed.indexOf('Timeline'));
    expect(failed).toContain('<code>novasphere bundle verify</code>');
  });

  it('says that nothing had to change, when nothing had', () => {
    expect(htmlReport(tell(sampleJournal({ converged: true })))).toContain('Nothing had to change.');
  });

  it('lets no text of a machine become markup', () => {
    const evil = `<img src=x onerror="alert('1')">&\u0007`;
    const soiled = JSON.parse(
      JSON.stringify(sampleJournal({ fail: { step: 'kubevirt/cr', fault: sampleFault } })),
      (key, value: unknown) => (typeof value === 'string' && !plain.has(key) ? `${evil}${value}` : value),
    ) as Entry[];

    const text = htmlReport(tell(soiled));

    expect(text).not.toContain('<img');
    expect(text).not.toContain('\u0007');
    expect(text).toContain('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;');
  });

  it('can be made of a journal without a single event', () => {
    expect(htmlReport(tell([]))).toContain('<!doctype html>');
  });
});

/** Keys whose values are words of the shape itself. */
const plain = new Set(['at', 'since', 'event', 'mode', 'state', 'outcome', 'step', 'phase', 'id', 'code', 'slow']);
