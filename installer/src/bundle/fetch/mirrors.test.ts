import { describe, expect, it } from 'vitest';
import type { Fault } from '#engine/fault';
import { readMirrors } from './mirrors.ts';

describe('mirrors of URLs', () => {
  const { mirroredUrl } = readMirrors([
    'https://github.com/=http://127.0.0.1:8080/github/',
    'https://github.com/longhorn=https://longhorn.example/files',
  ]);

  it('replaces the prefix and keeps the rest as it is, also what is escaped in it', () => {
    expect(mirroredUrl('https://github.com/k3s-io/k3s/releases/download/v1.35.8%2Bk3s1/k3s')).toBe(
      'http://127.0.0.1:8080/github/k3s-io/k3s/releases/download/v1.35.8%2Bk3s1/k3s',
    );
  });

  it('lets the longest prefix win', () => {
    expect(mirroredUrl('https://github.com/longhorn/cli/x')).toBe('https://longhorn.example/files/cli/x');
  });

  it('ends a prefix at the end of a word only', () => {
    expect(mirroredUrl('https://github.com/longhorn-other/x')).toBe('http://127.0.0.1:8080/github/longhorn-other/x');
    expect(mirroredUrl('https://github.community/x')).toBe('https://github.community/x');
  });

  it('leaves everything as it is without mirrors', () => {
    expect(readMirrors([]).mirroredUrl('https://github.com/x')).toBe('https://github.com/x');
    expect(readMirrors([]).mirroredImage('quay.io/a/b:v1')).toEqual({ reference: 'quay.io/a/b:v1', plainHttp: false });
  });

  it('splits at the first equals sign, so that a mirror may have one', () => {
    const { mirroredUrl } = readMirrors(['https://a.example=https://b.example/?u=']);
    expect(mirroredUrl('https://a.example/x')).toBe('https://b.example/?u=/x');
  });
});

describe('mirrors of registries', () => {
  const { mirroredImage } = readMirrors([
    'docker.io=http://127.0.0.1:5000/docker.io',
    'docker.io/longhornio/longhorn-ui=ui.example/ui',
    'quay.io=mirror.example/quay/',
    'localhost=other.example',
  ]);

  it('replaces the registry and keeps repository, tag and digest', () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    expect(mirroredImage(`docker.io/longhornio/longhorn-manager:v1.12.1@${digest}`)).toEqual({
      reference: `127.0.0.1:5000/docker.io/longhornio/longhorn-manager:v1.12.1@${digest}`,
      plainHttp: true,
    });
  });

  it('asks by TLS where nothing else is said', () => {
    expect(mirroredImage('quay.io/kubevirt/virt-api:v1.8.4')).toEqual({
      reference: 'mirror.example/quay/kubevirt/virt-api:v1.8.4',
      plainHttp: false,
    });
  });

  it('lets the longest prefix win, be it a whole repository', () => {
    expect(mirroredImage('docker.io/longhornio/longhorn-ui:v1').reference).toBe('ui.example/ui:v1');
    expect(mirroredImage('docker.io/longhornio/longhorn-ui-x:v1').reference).toContain('127.0.0.1:5000/docker.io/');
  });

  it('takes no port for a tag', () => {
    expect(mirroredImage('localhost:5000/a:v1').reference).toBe('localhost:5000/a:v1');
  });
});

describe('a mirror that cannot be meant', () => {
  const fault = (...options: string[]): Fault => {
    try {
      readMirrors(options);
    } catch (error) {
      return error as Fault;
    }
    throw new Error('was taken');
  };

  it.each([
    ['docker.io', '--mirror docker.io is not FROM=TO'],
    ['=x', '--mirror =… is not FROM=TO'],
    ['https://a.example/=mirror.example', '--mirror https://a.example leads to something that is no http or https URL'],
    ['https://a.example/=ftp://m', '--mirror https://a.example leads to something that is no http or https URL'],
    ['docker=mirror.example', '--mirror docker begins with neither a URL nor a registry'],
    ['docker.io=http://', '--mirror docker.io leads to something that is no registry'],
  ])('refuses %s', (option, message) => {
    expect(fault(option)).toMatchObject({ code: 'USAGE', message });
  });

  it('says what would be right', () => {
    expect(fault('docker.io').remedy).toEqual([
      '--mirror https://github.com/=http://mirror.example/github/          for files',
      '--mirror docker.io=https://mirror.example/docker.io          for images; http:// where it has no TLS',
    ]);
  });

  it('refuses two ways for one prefix', () => {
    expect(fault('docker.io=a.example', 'docker.io=b.example').message).toBe('--mirror docker.io leads to two places');
  });

  it('never repeats a password', () => {
    const { message } = fault('docker.io=https://me:hunter2@mirror.example');
    expect(message).toBe('--mirror docker.io brings a password: log in with “skopeo login” instead');
    expect(fault('http://me:hunter2@[=x').message).not.toContain('hunter2');
  });
});
