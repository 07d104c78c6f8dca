import { hashWords } from './random.ts';

const TWO_TO_32 = 4_294_967_296;

/**
 * Noise that can be asked at any position without walking there: independent values at whole positions, joined by
 * straight lines that are scaled to deviation 1 everywhere.
 */
export function noiseAt(seed: number, position: number): number {
  const index = Math.floor(position);
  return join(knot(seed, index), knot(seed, index + 1), position - index);
}

/** Adds `amplitude` × noise to each minute, where one unit of noise spans `scaleMinutes`. */
export function addNoise(
  minutes: Float64Array,
  { seed, firstMinute, scaleMinutes, amplitude }: { seed: number; firstMinute: number; scaleMinutes: number; amplitude: number },
): void {
  let index = Math.floor(firstMinute / scaleMinutes);
  let left = knot(seed, index);
  let right = knot(seed, index + 1);
  for (let minute = 0; minute < minutes.length; minute++) {
    const position = (firstMinute + minute) / scaleMinutes;
    if (position >= index + 1) {
      index = Math.floor(position);
      left = knot(seed, index);
      right = knot(seed, index + 1);
    }
    minutes[minute] = (minutes[minute] as number) + amplitude * join(left, right, position - index);
  }
}

function join(left: number, right: number, way: number): number {
  const rest = 1 - way;
  return (left * rest + right * way) / Math.sqrt(rest * rest + way * way);
}

/** Four uniforms added: near enough to normal, and bounded, so that no volatility explodes. */
function knot(seed: number, index: number): number {
  const first = hashWords([seed, index]);
  const second = hashWords([first]);
  const third = hashWords([second]);
  const fourth = hashWords([third]);
  return ((first + second + third + fourth) / TWO_TO_32 - 2) * Math.sqrt(3);
}
