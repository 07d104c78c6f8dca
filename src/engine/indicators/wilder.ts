/**
 * Wilder's smoothing, one value further. While the window fills, what is carried is the plain sum of the values;
 * the value that fills it turns the sum into their mean, and from then on each value moves the mean by its share.
 */
export function wilderSmoothing(lengthBars: number): (carried: number, value: number, valueCount: number) => number {
  const share = 1 / lengthBars;

  return (carried, value, valueCount) => {
    if (valueCount > lengthBars) return (value - carried) * share + carried;
    return valueCount === lengthBars ? (carried + value) / lengthBars : carried + value;
  };
}
