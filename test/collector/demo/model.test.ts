import {
  ELECTRICITY_FILE,
  loadElectricity,
  TRAINING_ROWS,
  type ElectricityStream,
} from '../../../collector/src/demo/electricity.ts';
import { electricityRows, replayableRows, trainDemo } from '../../../collector/src/demo/electricity-rows.ts';
import { trainLogisticRegression } from '../../../collector/src/demo/model/logistic-regression.ts';

let stream: ElectricityStream;
beforeAll(async () => {
  stream = await loadElectricity(ELECTRICITY_FILE, (bad) => {
    throw new Error(`line ${bad.line}: ${bad.reason}`);
  });
});

function traffic(from: ElectricityStream, rows = replayableRows(from)) {
  return [...electricityRows(from, trainDemo(from).model, { rows, repeat: false, now: () => 0 })];
}

function share(hits: readonly boolean[]): number {
  return hits.filter(Boolean).length / hits.length;
}

/** Numbers in [0, 1) from a seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function shuffled<Item>(items: readonly Item[], next: () => number): Item[] {
  const list = [...items];
  for (let index = list.length - 1; index > 0; index--) {
    const other = Math.floor(next() * (index + 1));
    [list[index], list[other]] = [list[other] as Item, list[index] as Item];
  }
  return list;
}

describe('logistic regression', () => {
  test('is at the maximum of the penalised likelihood', () => {
    const rows = [[0.1], [0.4], [0.5], [0.9], [1.2], [1.5]].map((row) => Float64Array.from(row));
    const targets = [0, 0, 1, 0, 1, 1];
    const model = trainLogisticRegression(rows, targets);
    const errors = rows.map((row, index) => (targets[index] as number) - model.probability(row));
    const mean = rows.reduce((sum, row) => sum + (row[0] as number), 0) / rows.length;
    const deviation = Math.sqrt(rows.reduce((sum, row) => sum + ((row[0] as number) - mean) ** 2, 0) / rows.length);
    const slope = rows.reduce(
      (sum, row, index) => sum + (errors[index] as number) * (((row[0] as number) - mean) / deviation),
      0,
    );
    expect(errors.reduce((sum, error) => sum + error, 0)).toBeCloseTo(0, 9);
    expect(slope - (model.weights[1] as number)).toBeCloseTo(0, 9);
    expect(model.weights[1]).toBeGreaterThan(0);
  });

  test('a constant feature gets weight 0 and stays harmless when it starts to move', () => {
    const rows = [
      [1, 0.1],
      [2, 0.1],
      [3, 0.1],
      [4, 0.1],
    ].map((row) => Float64Array.from(row));
    const model = trainLogisticRegression(rows, [0, 1, 0, 1]);
    expect(model.weights[2]).toBe(0);
    expect(model.probability(Float64Array.of(2.5, 1e9))).toBe(model.probability(Float64Array.of(2.5, 0.1)));
  });

  test('classes that can be told apart perfectly still give finite weights', () => {
    const rows = [-2, -1, 1, 2].map((value) => Float64Array.of(value));
    const model = trainLogisticRegression(rows, [0, 0, 1, 1]);
    expect(model.weights.every(Number.isFinite)).toBe(true);
    expect(model.probability(Float64Array.of(2))).toBeGreaterThan(0.5);
  });
});

describe('the demo’s traffic', () => {
  test('the stream is whole', () => {
    expect(stream.features).toHaveLength(45_312);
    expect(replayableRows(stream)).toBe(35_312);
  });

  test('the model scores about 73 %, saying the previous label again about 86 %', () => {
    const rows = traffic(stream);
    expect(share(rows.map((row) => row.prediction === row.label))).toBeCloseTo(0.731, 3);
    expect(share(rows.map((row) => row.previousLabel === row.label))).toBeCloseTo(0.858, 3);
  });

  test('no prediction knows the future: shuffling later labels changes no earlier prediction, score or baseline', () => {
    const from = 20_000;
    const labels = [...stream.targets.slice(0, from), ...shuffled(stream.targets.slice(from), random(7))];
    expect(labels).not.toEqual(stream.targets);
    const before = traffic(stream);
    const after = traffic({ ...stream, targets: labels });
    const seen = (rows: typeof before) =>
      rows.map(({ prediction, score, features }) => ({ prediction, score, features }));
    expect(seen(after)).toEqual(seen(before)); // the model is static: not even later predictions may change
    const known = from - TRAINING_ROWS;
    expect(after.slice(0, known).map((row) => row.previousLabel)).toEqual(
      before.slice(0, known).map((row) => row.previousLabel),
    );
  });

  test('the labels it was trained on do matter', () => {
    const labels = [
      ...shuffled(stream.targets.slice(0, TRAINING_ROWS), random(7)),
      ...stream.targets.slice(TRAINING_ROWS),
    ];
    const scores = (rows: ReturnType<typeof traffic>) => rows.slice(0, 100).map((row) => row.score);
    expect(scores(traffic({ ...stream, targets: labels }, 100))).not.toEqual(scores(traffic(stream, 100)));
  });

  test('half-hours from 7 May 1996 on, and labels a day late', () => {
    const [first, second] = traffic(stream, 2);
    expect(new Date(first?.timestamp as number).toISOString()).toBe('1996-12-01T08:00:00.000Z');
    expect((second?.timestamp as number) - (first?.timestamp as number)).toBe(1_800_000);
    expect((first?.labelTimestamp as number) - (first?.timestamp as number)).toBe(86_400_000);
  });

  test('a repeat brings new ids and later times, and the same readings', () => {
    const rows: { id?: string; timestamp?: unknown; features?: unknown }[] = [];
    for (const row of electricityRows(stream, trainDemo(stream).model, { rows: 10, repeat: true, now: () => 0 })) {
      if (rows.push(row) === 35) break;
    }
    expect(new Set(rows.map(({ id }) => id)).size).toBe(35);
    const times = rows.map(({ timestamp }) => timestamp as number);
    expect(times.slice(1).map((time, index) => time - (times[index] as number))).toEqual(Array(34).fill(1_800_000));
    expect(rows[10]?.features).toEqual(rows[0]?.features);
  });

  test('with a clock rows happen now, and their labels when they arrive', () => {
    const options = { rows: 10, repeat: false, now: () => 0, clock: () => 12_345 };
    for (const row of electricityRows(stream, trainDemo(stream).model, options)) {
      expect(row.timestamp).toBe(12_345);
      expect(row.labelTimestamp).toBeUndefined();
    }
  });

  test('the reference holds the training rows and their predicted classes', () => {
    const { reference, trainingAccuracy } = trainDemo(stream);
    expect(reference.rows).toBe(TRAINING_ROWS);
    expect(Object.values(reference.predictions ?? {}).reduce((sum, value) => sum + value, 0)).toBe(TRAINING_ROWS);
    expect(trainingAccuracy).toBeCloseTo(0.8185, 4);
  });
});
