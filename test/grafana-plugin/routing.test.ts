import { decodeModelName, encodeModelName, modelUrl, versionUrl } from '../../grafana-plugin/src/routing';

/** A router decodes a path once; the history of Grafana 12.4 has by then decoded all but reserved characters. */
const decodedOnce = (path: string) => decodeURIComponent(path);
const decodedTwice = (path: string) => decodeURIComponent(decodeURI(path));

describe('a model in the address', () => {
  it.each([
    'churn',
    'a b',
    'a/b',
    'a%b',
    'a%41',
    '100%',
    'a~b',
    '~25',
    'a?b#c',
    'größe',
    '"quoted"',
    '.',
    '..',
    'v1.2',
    'a+b',
    'a\\b',
  ])('%j survives being decoded once and twice', (name) => {
    const segment = encodeModelName(name);
    expect(segment).not.toMatch(/[/?#]|^\.+$/);
    expect(decodeModelName(decodedOnce(segment))).toBe(name);
    expect(decodeModelName(decodedTwice(segment))).toBe(name);
  });

  it('leaves ordinary names readable', () => {
    expect(modelUrl('credit-risk_v2.1')).toBe('/a/plumbline-models-app/models/credit-risk_v2.1');
  });

  it('reads links others wrote with the usual encoding', () => {
    expect(decodeModelName(decodedOnce('credit%20risk'))).toBe('credit risk');
  });
});

describe('versionUrl', () => {
  it('keeps time range and window, and leaves out what belongs to another page', () => {
    const search = '?from=now-24h&to=now&var-window=24h&refresh=30s&var-version=7&tab=x';
    expect(versionUrl('churn', '2', search)).toBe(
      '/a/plumbline-models-app/models/churn?from=now-24h&to=now&refresh=30s&var-window=24h&var-version=2',
    );
  });

  it('encodes the version', () => {
    expect(versionUrl('churn', '1 & 2', '')).toBe('/a/plumbline-models-app/models/churn?var-version=1+%26+2');
  });
});
