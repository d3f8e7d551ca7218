import { type DataFrame, type Field, FieldType, type Labels } from '@grafana/data';

/** One value of an instant query with the labels of its series. */
export interface Sample {
  labels: Labels;
  value: number;
}

/**
 * Reads the samples of one query out of a Prometheus response. Grafana answers an instant query as one table (labels
 * are columns) or as one frame per series (labels hang on the value); both are read, so neither format can surprise us.
 */
export function instantSamples(frames: readonly DataFrame[], refId: string): Sample[] {
  return frames.filter((frame) => frame.refId === refId).flatMap(samplesOf);
}

function samplesOf(frame: DataFrame): Sample[] {
  const labelColumns = frame.fields.filter((field) => field.type === FieldType.string);
  const valueFields = frame.fields.filter((field) => field.type === FieldType.number);
  return valueFields.flatMap((field) => rowsOf(frame, field, labelColumns));
}

function rowsOf(frame: DataFrame, field: Field, labelColumns: Field[]): Sample[] {
  const samples: Sample[] = [];
  for (let row = 0; row < frame.length; row++) {
    const value: unknown = field.values[row];
    if (typeof value !== 'number' || Number.isNaN(value)) {
      continue;
    }
    const labels: Labels = { ...field.labels };
    for (const column of labelColumns) {
      const text: unknown = column.values[row];
      if (typeof text === 'string') {
        labels[column.name] = text;
      }
    }
    samples.push({ labels, value });
  }
  return samples;
}
