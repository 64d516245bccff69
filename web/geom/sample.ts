/** Made-up definitions for tests: always the same for the same number, and full of odd shapes. */

/** A small generator of numbers; the same seed, the same numbers. */
export function numbers(seed: number): (below: number) => number {
  let s = (seed * 2654435761 + 1) >>> 0;
  return (below) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return Math.floor((s / 4294967296) * below);
  };
}

type Json = Record<string, unknown>;

/** A definition with about `size` states: loops, jumps, shared ends, catchers and containers at random. */
export function randomDefinition(seed: number, size: number): Json {
  const pick = numbers(seed);
  let count = 0;
  const block = (n: number, depth: number): Json => {
    const names = Array.from({ length: n }, () => `S${count++}`);
    const any = (): string => names[pick(names.length)] ?? "";
    const ahead = (i: number): string => names[Math.min(names.length - 1, i + 1 + pick(4))] ?? "";
    const target = (i: number): string => (pick(5) === 0 ? any() : ahead(i));
    const states: Json = {};
    names.forEach((name, i) => {
      const last = i === names.length - 1;
      const go: Json = last || pick(9) === 0 ? { End: true } : { Next: target(i) };
      const catches =
        pick(4) === 0
          ? { Catch: Array.from({ length: 1 + pick(3) }, (_, k) => ({ ErrorEquals: [`Error${k}`], Next: any() })) }
          : {};
      switch (pick(8)) {
        case 0:
        case 1:
          states[name] = {
            Type: "Choice",
            Default: target(i),
            Choices: Array.from({ length: 1 + pick(3) }, (_, k) => ({
              Variable: "$.amount",
              NumericGreaterThan: k * 1000,
              Next: target(i),
            })),
          };
          return;
        case 2:
          if (depth < 3) {
            states[name] = {
              Type: "Parallel",
              Branches: Array.from({ length: 1 + pick(3) }, () => block(pick(5), depth + 1)),
              ...go,
              ...catches,
            };
            return;
          }
          break;
        case 3:
          if (depth < 3) {
            states[name] = { Type: "Map", ItemProcessor: block(1 + pick(4), depth + 1), ...go, ...catches };
            return;
          }
          break;
        case 4:
          states[name] = pick(2) === 0 ? { Type: "Fail", Error: "Broken" } : { Type: "Succeed" };
          return;
        default:
      }
      states[name] = { Type: "Task", Resource: "arn:aws:states:::http:invoke", ...go, ...catches };
    });
    return { StartAt: names[0], States: states };
  };
  return block(size, 0);
}

/** Plain shapes of any size: a chain, with a Choice now and then that joins again. */
export function longDefinition(size: number): Json {
  const states: Json = {};
  for (let i = 0; i < size; i++) {
    const next = i + 1 < size ? { Next: `S${i + 1}` } : { End: true };
    if (i % 5 === 0 && i + 4 < size) {
      states[`S${i}`] = {
        Type: "Choice",
        Choices: [
          { Variable: "$.a", NumericEquals: 1, Next: `S${i + 1}` },
          { Variable: "$.a", NumericEquals: 2, Next: `S${i + 2}` },
        ],
        Default: `S${i + 3}`,
      };
    } else if (i % 5 === 1 || i % 5 === 2)
      states[`S${i}`] = { Type: "Pass", ...(i + 2 < size ? { Next: `S${i - (i % 5) + 3}` } : { End: true }) };
    else states[`S${i}`] = { Type: "Pass", ...next };
  }
  return { StartAt: "S0", States: states };
}
