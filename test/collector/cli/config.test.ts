import { readConfig } from '../../../collector/src/config.ts';

describe('the environment', () => {
  test('an empty one gives the defaults: this machine only', () => {
    expect(readConfig({ PLUMBLINE_PORT: '', PLUMBLINE_HOST: ' ' })).toEqual({
      host: '127.0.0.1',
      port: 8080,
      logLevel: 'warn',
      otlpUrl: undefined,
      otlpIntervalSeconds: undefined,
      serviceName: undefined,
    });
  });

  test('variables are taken', () => {
    expect(
      readConfig({
        PLUMBLINE_HOST: '0.0.0.0',
        PLUMBLINE_PORT: '0',
        PLUMBLINE_LOG_LEVEL: 'debug',
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318/',
        OTEL_METRIC_EXPORT_INTERVAL: '5000',
        OTEL_SERVICE_NAME: 'fraud',
      }),
    ).toEqual({
      host: '0.0.0.0',
      port: 0,
      logLevel: 'debug',
      otlpUrl: 'http://otel:4318/v1/metrics',
      otlpIntervalSeconds: 5,
      serviceName: 'fraud',
    });
  });

  test('the metrics endpoint is taken as it stands, before the shared one', () => {
    const both = { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://a/push', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://b' };
    expect(readConfig(both).otlpUrl).toBe('http://a/push');
  });

  test.each([
    ['PLUMBLINE_PORT', '80a'],
    ['PLUMBLINE_PORT', '65536'],
    ['PLUMBLINE_LOG_LEVEL', 'loud'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'otel:4318'],
    ['OTEL_METRIC_EXPORT_INTERVAL', '1'],
  ])('%s=%s is refused by name', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(
      expect.objectContaining({
        code: 'invalid_configuration',
        message: expect.stringContaining(`${name}: "${value}"`),
      }),
    );
  });
});
