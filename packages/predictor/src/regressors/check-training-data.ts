import { InvalidArgumentError, type TrainingData } from '@nnm/core';

/**
 * Refuse data that a regressor cannot learn from; `trainPredictor` sorts such rows out before.
 *
 * @throws {@link InvalidArgumentError} when sizes disagree or a number is not finite
 */
export function checkTrainingData({ featureNames, features, targets, weights }: TrainingData): void {
  const { rows, columns, values } = features;
  if (featureNames.length !== columns) {
    throw new InvalidArgumentError({ name: 'featureNames', expected: `${columns} names, one per column`, got: featureNames.length });
  }
  if (values.length !== rows * columns) {
    throw new InvalidArgumentError({ name: 'features.values', expected: `${rows} × ${columns} numbers`, got: values.length });
  }
  if (targets.length !== rows) throw new InvalidArgumentError({ name: 'targets', expected: `${rows} numbers`, got: targets.length });
  if (weights !== undefined && weights.length !== rows) {
    throw new InvalidArgumentError({ name: 'weights', expected: `${rows} numbers`, got: weights.length });
  }
  const badWeight = weights?.findIndex((weight) => !(weight > 0 && weight < Number.POSITIVE_INFINITY)) ?? -1;
  if (badWeight >= 0) {
    throw new InvalidArgumentError({ name: `weights[${badWeight}]`, expected: 'a finite number above 0', got: weights?.[badWeight] });
  }
  const badValue = values.findIndex((value) => !Number.isFinite(value));
  if (badValue >= 0) {
    const name = `features[${Math.floor(badValue / columns)}].${featureNames[badValue % columns]}`;
    throw new InvalidArgumentError({ name, expected: 'a finite number', got: values[badValue] });
  }
  const badTarget = targets.findIndex((value) => !Number.isFinite(value));
  if (badTarget >= 0) {
    throw new InvalidArgumentError({ name: `targets[${badTarget}]`, expected: 'a finite number', got: targets[badTarget] });
  }
}
