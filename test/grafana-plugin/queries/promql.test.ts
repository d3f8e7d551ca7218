import { escapeLabelValue, matchers, ofVersion, recorded, WINDOW } from '../../../grafana-plugin/src/queries/promql';

describe('escapeLabelValue', () => {
  it.each([
    ['churn', 'churn'],
    ['', ''],
    ['a"b', 'a\\"b'],
    ['a\\b', 'a\\\\b'],
    ['a\\"b', 'a\\\\\\"b'],
    ['two\nlines', 'two\\nlines'],
    ['carriage\rreturn', 'carriage\\rreturn'],
    ['"} or vector(1) #', '\\"} or vector(1) #'],
    ['$version', '\\x24version'],
    ['${window:raw}', '\\x24{window:raw}'],
    ['[[version]]', '\\x5b\\x5bversion]]'],
    ['größe', 'größe'],
    ["it's", "it's"],
  ])('writes %j as %j', (value, escaped) => {
    expect(escapeLabelValue(value)).toBe(escaped);
  });
});

describe('matchers', () => {
  it('is nothing without labels', () => {
    expect(matchers({})).toBe('');
  });

  it('escapes texts and leaves variables to fill themselves in', () => {
    expect(matchers({ model: 'a"b', version: { variable: 'version' } })).toBe('{model="a\\"b",version="${version}"}');
  });
});

describe('recorded', () => {
  it('names the series of the chosen window', () => {
    expect(recorded('accuracy')).toBe('ml:accuracy:${window:raw}');
    expect(recorded('accuracy', ofVersion({ model: 'churn', version: '1' }))).toBe(
      `ml:accuracy:${WINDOW}{model="churn",version="1"}`,
    );
  });
});
