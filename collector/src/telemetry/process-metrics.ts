/** CPU, memory, garbage collection and event loop of this process, by OpenTelemetry's own instrumentation and under its names. */
import type { MeterProvider } from '@opentelemetry/api';
import { HostMetricsInstrumentation } from '@opentelemetry/instrumentation-host-metrics';
import { RuntimeNodeInstrumentation } from '@opentelemetry/instrumentation-runtime-node';

/** The event loop is looked at so often, in milliseconds: finer costs more and shows nothing an operator would act on. */
const LOOP_PRECISION = 20;

/** Adds the metrics to a provider. @returns a function that ends them */
export function startProcessMetrics(provider: MeterProvider): () => void {
  const instrumentations = [
    // Of the machine there are better exporters; these are about the process.
    new HostMetricsInstrumentation({ metricGroups: ['process.cpu', 'process.memory'] }),
    new RuntimeNodeInstrumentation({ monitoringPrecision: LOOP_PRECISION }),
  ];
  for (const instrumentation of instrumentations) {
    instrumentation.setMeterProvider(provider);
    instrumentation.enable();
  }
  return () => {
    for (const instrumentation of instrumentations) instrumentation.disable();
  };
}
