import { readConfig } from '../../../collector/src/config.ts';

const DEFAULTS = {
  ...{ host: '127.0.0.1', port: 8080, logLevel: 'warn', trustProxy: undefined, shutdownDelaySeconds: 0 },
  ...{ zeroHoldSeconds: 15, dataFolder: 'plumbline-data', databaseUrl: undefined, artifactRoots: [] },
  ...{ maxUploadBytes: 10_737_418_240, artifactsUrl: undefined, s3Endpoint: undefined, prometheusUrl: undefined },
  ...{ tokens: undefined, clientToken: undefined, rateLimit: 12_000, metricsNeedToken: false, grafana: undefined },
  ...{ otlpUrl: undefined, otlpIntervalSeconds: undefined, serviceName: undefined },
};

describe('the environment', () => {
  test('an empty one gives the defaults: this machine only', () => {
    expect(readConfig({ PLUMBLINE_PORT: '', PLUMBLINE_HOST: ' ' })).toEqual(DEFAULTS);
  });

  test('variables are taken', () => {
    expect(
      readConfig({
        PLUMBLINE_HOST: '0.0.0.0',
        PLUMBLINE_PORT: '0',
        PLUMBLINE_LOG_LEVEL: 'debug',
        PLUMBLINE_TRUST_PROXY: '10.0.0.0/8, ::1',
        PLUMBLINE_SHUTDOWN_DELAY: '5',
        PLUMBLINE_ZERO_HOLD: '60',
        PLUMBLINE_DATA: '/var/lib/plumbline',
        DATABASE_URL: 'postgres://plumbline:secret@db/plumbline',
        PLUMBLINE_ARTIFACT_ROOTS: '/models, /srv/artifacts/',
        PLUMBLINE_MAX_UPLOAD_MIB: '100',
        PLUMBLINE_ARTIFACTS: 's3://models/plumbline',
        PLUMBLINE_S3_ENDPOINT: 'http://minio:9000',
        PLUMBLINE_PROMETHEUS_URL: 'http://prometheus:9090',
        PLUMBLINE_TOKENS: 'read:secret',
        PLUMBLINE_TOKEN: 'secret',
        PLUMBLINE_RATE_LIMIT: '0',
        PLUMBLINE_METRICS_TOKEN_REQUIRED: 'true',
        GRAFANA_URL: 'http://grafana:3000',
        GRAFANA_ORG_IDS: '1, 7',
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318/',
        OTEL_METRIC_EXPORT_INTERVAL: '5000',
        OTEL_SERVICE_NAME: 'fraud',
      }),
    ).toEqual({
      ...{ host: '0.0.0.0', port: 0, logLevel: 'debug', trustProxy: '10.0.0.0/8, ::1', shutdownDelaySeconds: 5 },
      ...{ zeroHoldSeconds: 60, dataFolder: '/var/lib/plumbline' },
      databaseUrl: 'postgres://plumbline:secret@db/plumbline',
      ...{ artifactRoots: ['/models', '/srv/artifacts/'], maxUploadBytes: 104_857_600 },
      ...{ artifactsUrl: 's3://models/plumbline', s3Endpoint: 'http://minio:9000' },
      ...{ prometheusUrl: 'http://prometheus:9090', tokens: 'read:secret', clientToken: 'secret', rateLimit: 0 },
      metricsNeedToken: true,
      grafana: { url: 'http://grafana:3000', issuer: 'http://grafana:3000', orgIds: [1, 7], token: undefined },
      ...{ otlpUrl: 'http://otel:4318/v1/metrics', otlpIntervalSeconds: 5, serviceName: 'fraud' },
    });
  });

  test('Grafana may call itself otherwise than the collector does', () => {
    const both = { GRAFANA_URL: 'http://grafana:3000', GRAFANA_ISSUER: 'https://metrics.example.org/' };
    expect(readConfig(both).grafana).toMatchObject({ issuer: 'https://metrics.example.org/' });
    expect(readConfig({ GRAFANA_ISSUER: 'https://metrics.example.org/' }).grafana).toBeUndefined();
  });

  test('no message shows a password or a token', () => {
    for (const environment of [
      { DATABASE_URL: 'mysql://user:hunter2@db/x' },
      { DATABASE_URL: 'hunter2' },
      { PLUMBLINE_PROMETHEUS_URL: 'ftp://user:hunter2@prometheus' },
    ])
      expect(() => readConfig(environment)).toThrow(
        expect.objectContaining({ code: 'invalid_configuration', message: expect.not.stringContaining('hunter2') }),
      );
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
    ['PLUMBLINE_SHUTDOWN_DELAY', '61'],
    ['PLUMBLINE_RATE_LIMIT', '-1'],
    ['PLUMBLINE_ARTIFACT_ROOTS', 'models'],
    ['PLUMBLINE_ARTIFACT_ROOTS', '/models/../etc'],
    ['PLUMBLINE_METRICS_TOKEN_REQUIRED', 'yes'],
    ['PLUMBLINE_TRUST_PROXY', 'true'],
    ['GRAFANA_URL', 'grafana'],
  ])('%s=%s is refused by name', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(
      expect.objectContaining({
        code: 'invalid_configuration',
        message: expect.stringContaining(`${name}: "${value}"`),
      }),
    );
  });
});
