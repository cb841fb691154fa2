/** `value * value`, exactly rounded; the `**` operator is `Math.pow`, whose last bit depends on the engine. */
export function square(value: number): number {
  return value * value;
}
