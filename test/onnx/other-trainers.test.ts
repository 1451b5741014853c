import { describe, expect, it } from 'vitest';
import { createValue } from '../../plugin/onnx/graph-builder.ts';
import { type ImportOnnxOptions, importOnnx } from '../../plugin/onnx/import-onnx.ts';
import { ELEMENT } from '../../plugin/onnx/model.ts';
import { createObservations } from '../policy/fixtures.ts';
import { type Body, createActorFile, createPlainFile, CONTINUOUS as ML_AGENTS, type PlainFile } from './actors.ts';
import { actOf, largestDifference } from './fixtures.ts';
import { runModel } from './session.ts';

/** What a different order of float32 sums may add up to. */
const EXACT = 1e-5;
const ROWS = 50;
const keep = (x: number) => x;
const clip = (x: number) => Math.min(Math.max(x, -1), 1);

interface Case {
  readonly name: string;
  readonly body: Body;
  readonly file?: PlainFile;
  readonly options?: ImportOnnxOptions;
  /** turns the model's numbers into a policy's actions */
  readonly finish?: (x: number) => number;
  readonly expected: { readonly hidden: readonly number[]; readonly activation: unknown; readonly bounds?: string };
}

/** Two hidden layers with the given activation, and two numbers for actions. */
const layers =
  (activate: (actor: Parameters<Body>[0], x: string) => string, output = 'actions'): Body =>
  (actor) => {
    const first = activate(actor, actor.gemm('obs', 4, 6));
    const second = activate(actor, actor.gemm(first, 6, 5));
    actor.node('Gemm', [second, actor.weights([2, 5]), actor.weights([2])], { transB: { int: 1 } }, output);
  };
const node =
  (op: string, attributes = {}) =>
  (actor: Parameters<Body>[0], x: string) =>
    actor.node(op, [x], attributes);

const CONTINUOUS: readonly Case[] = [
  {
    name: 'Godot RL Agents: state_ins beside obs, clipped by the game',
    body: (actor) => {
      const x = actor.node('Concat', [actor.node('Flatten', ['obs'])], { axis: { int: 1 } });
      const hidden = actor.node('Tanh', [actor.gemm(x, 4, 6)]);
      actor.node('Gemm', [hidden, actor.weights([2, 6]), actor.weights([2])], { transB: { int: 1 } }, 'output');
      actor.node('Identity', ['state_ins'], {}, 'state_outs');
    },
    file: {
      opset: 9,
      inputs: [createValue('obs', ['batch_size', 4]), createValue('state_ins', ['batch_size'])],
      outputs: [createValue('output', ['batch_size', 2]), createValue('state_outs', ['batch_size'])],
    },
    options: { bounds: 'clip' },
    finish: clip,
    expected: { hidden: [6], activation: 'tanh', bounds: 'clip' },
  },
  {
    name: 'rsl_rl: a vector without a batch, MatMul and Add, elu, no bounds',
    body: (actor) => {
      const dense = (x: string, inputs: number, outputs: number) =>
        actor.node('Add', [actor.weights([outputs]), actor.node('MatMul', [x, actor.weights([inputs, outputs])])]);
      const hidden = actor.node('Elu', [dense(actor.node('Elu', [dense('obs', 4, 6)]), 6, 5)]);
      actor.node('Add', [actor.weights([2], 3), actor.node('MatMul', [hidden, actor.weights([5, 2])])], {}, 'actions');
    },
    file: { inputs: [createValue('obs', [4])], outputs: [createValue('actions', [2])] },
    options: { bounds: 'none' },
    expected: { hidden: [6, 5], activation: 'elu', bounds: 'none' },
  },
  {
    name: 'Isaac Lab: its own normalizer',
    body: (actor) => {
      const centered = actor.node('Sub', ['obs', actor.weights([1, 4])]);
      const deviation = actor.node('Add', [actor.value([1, 4], [1, 2, 3, 4]), actor.value([], [0.01])]);
      const hidden = actor.node('Elu', [actor.gemm(actor.node('Div', [centered, deviation]), 4, 6)]);
      actor.node('Gemm', [hidden, actor.weights([2, 6]), actor.weights([2])], { transB: { int: 1 } }, 'actions');
    },
    options: { bounds: 'none' },
    expected: { hidden: [6], activation: 'elu', bounds: 'none' },
  },
  {
    name: 'Brax: swish, means and deviations in one layer, tanh',
    body: (actor) => {
      const centered = actor.node('Mul', [
        actor.node('Sub', ['obs', actor.weights([4])]),
        actor.value([4], [1, 2, 0.5, 1]),
      ]);
      const hidden = actor.swish(actor.gemm(centered, 4, 6));
      actor.nodes.push({
        ...{
          op: 'Split',
          domain: '',
          name: 'split',
          inputs: [actor.gemm(hidden, 6, 4)],
          outputs: ['mean', 'deviation'],
        },
        attributes: new Map([['axis', { name: 'axis', int: -1 }]]),
      });
      actor.node('Tanh', ['mean'], {}, 'actions');
    },
    file: { opset: 11 },
    expected: { hidden: [6, 2], activation: ['swish', 'tanh'], bounds: 'clip' },
  },
  {
    name: 'Stable-Baselines3’s SAC: relu, tanh, and its own range',
    body: (actor) => {
      const squashed = actor.node('Tanh', [actor.gemm(actor.node('Relu', [actor.gemm('obs', 4, 6)]), 6, 2)]);
      const half = actor.node('Mul', [actor.node('Add', [squashed, actor.value([], [1])]), actor.value([2], [2, 0.5])]);
      actor.node('Add', [half, actor.value([2], [-3, 0])], {}, 'actions');
    },
    expected: { hidden: [6, 2], activation: ['relu', 'tanh'], bounds: 'none' },
  },
  {
    name: 'Stable-Baselines3’s whole SAC, which reads the shape of the deviations',
    body: (actor) => {
      const hidden = actor.node('Relu', [actor.gemm('obs', 4, 6)]);
      const mean = actor.gemm(hidden, 6, 2);
      const logs = actor.node('Clip', [actor.gemm(hidden, 6, 2), actor.value([], [-20]), actor.value([], [2])]);
      const ones = actor.node('ConstantOfShape', [actor.node('Shape', [mean])], { value: { tensor: actor.ones() } });
      const deviation = actor.node('Mul', [ones, actor.node('Exp', [logs])]);
      const drawn = actor.node('Add', [actor.node('Add', [ones, mean]), deviation]);
      const wide = actor.node('Expand', [mean, actor.node('Shape', [drawn])]);
      actor.node('Tanh', [wide], {}, 'actions');
    },
    expected: { hidden: [6, 2], activation: ['relu', 'tanh'], bounds: 'clip' },
  },
  {
    name: 'its own clip to [−2, 0.5]',
    body: (actor) => {
      const mean = actor.gemm(actor.node('Tanh', [actor.gemm('obs', 4, 6)]), 6, 2);
      actor.node('Clip', [mean, actor.value([], [-2]), actor.value([], [0.5])], {}, 'actions');
    },
    expected: { hidden: [6, 4], activation: ['tanh', 'relu'], bounds: 'none' },
  },
  {
    name: 'actions between 0 and 1, by a sigmoid',
    body: (actor) => {
      actor.node('Sigmoid', [actor.gemm(actor.node('Relu', [actor.gemm('obs', 4, 6)]), 6, 2)], {}, 'actions');
    },
    expected: { hidden: [6, 2], activation: ['relu', 'tanh'], bounds: 'clip' },
  },
  {
    name: 'numbers that the game squashes',
    body: layers(node('Relu')),
    options: { bounds: 'tanh' },
    finish: Math.tanh,
    expected: { hidden: [6, 5, 2], activation: ['relu', 'relu', 'tanh'], bounds: 'clip' },
  },
  {
    name: 'means, followed by deviations that are ignored',
    body: (actor) => {
      const hidden = actor.node('Tanh', [actor.gemm('obs', 4, 6)]);
      actor.node('Gemm', [hidden, actor.weights([4, 6]), actor.weights([4])], { transB: { int: 1 } }, 'actions');
    },
    file: { outputs: [createValue('actions', [1, 4])] },
    options: { bounds: 'clip', continuous: 2 },
    finish: clip,
    expected: { hidden: [6], activation: 'tanh', bounds: 'clip' },
  },
  {
    name: 'values and logarithms beside the actions',
    body: (actor) => {
      layers(node('Tanh'))(actor);
      actor.node('Gemm', ['obs', actor.weights([1, 4])], { transB: { int: 1 } }, 'value');
    },
    file: { outputs: [createValue('value', [1, 1]), createValue('actions', [1, 2])] },
    options: { bounds: 'none' },
    expected: { hidden: [6, 5], activation: 'tanh', bounds: 'none' },
  },
  {
    name: 'a leaky relu',
    body: layers(node('LeakyRelu', { alpha: { float: 0.05 } })),
    options: { bounds: 'none' },
    expected: { hidden: [12, 10], activation: 'relu', bounds: 'none' },
  },
  {
    name: 'sigmoids',
    body: layers(node('Sigmoid')),
    options: { bounds: 'none' },
    expected: { hidden: [6, 5], activation: 'tanh', bounds: 'none' },
  },
  {
    name: 'an elu and a swish by their parts',
    body: (actor) => {
      const sums = actor.gemm('obs', 4, 6);
      const below = actor.node('Sub', [
        actor.node('Exp', [actor.node('Min', [sums, actor.value([], [0])])]),
        actor.value([], [1]),
      ]);
      const elu = actor.node('Where', [actor.node('Greater', [sums, actor.value([], [0])]), sums, below]);
      const next = actor.gemm(elu, 6, 5);
      const gate = actor.node('Div', [
        actor.value([], [1]),
        actor.node('Add', [actor.value([], [1]), actor.node('Exp', [actor.node('Neg', [next])])]),
      ]);
      const swish = actor.node('Mul', [next, gate]);
      actor.node('Gemm', [swish, actor.weights([2, 5]), actor.weights([2])], { transB: { int: 1 } }, 'actions');
    },
    options: { bounds: 'none' },
    expected: { hidden: [6, 5], activation: ['elu', 'swish'], bounds: 'none' },
  },
  {
    name: 'layers without an activation in between, which become one',
    body: (actor) => {
      const first = actor.node('Add', [actor.gemm('obs', 4, 6), actor.weights([6])]);
      const hidden = actor.node('Tanh', [actor.gemm(first, 6, 5)]);
      const last = actor.node('Mul', [actor.gemm(hidden, 5, 3), actor.weights([3])]);
      actor.node('Gemm', [last, actor.weights([2, 3]), actor.weights([2])], { transB: { int: 1 } }, 'actions');
    },
    options: { bounds: 'none' },
    expected: { hidden: [5], activation: 'tanh', bounds: 'none' },
  },
  {
    name: 'transposed weights, and batch normalization',
    body: (actor) => {
      const turned = actor.node('Transpose', [actor.weights([6, 4])], { perm: { ints: [1, 0] } });
      const sums = actor.node('MatMul', ['obs', turned]);
      const statistics = [
        actor.weights([6]),
        actor.weights([6]),
        actor.weights([6]),
        actor.value([6], [1, 2, 3, 4, 5, 6]),
      ];
      const hidden = actor.node('Relu', [actor.node('BatchNormalization', [sums, ...statistics])]);
      actor.node('Gemm', [hidden, actor.weights([6, 2]), actor.weights([2])], {}, 'actions');
    },
    options: { bounds: 'none' },
    expected: { hidden: [6], activation: 'relu', bounds: 'none' },
  },
  {
    name: 'an observation clip that is not centered on 0, and one between layers',
    body: (actor) => {
      const held = actor.node('Clip', ['obs', actor.value([], [-0.5]), actor.value([], [3])]);
      const hidden = actor.node('Clip', [actor.gemm(held, 4, 6), actor.value([], [0]), actor.value([], [1])]);
      actor.node('Gemm', [hidden, actor.weights([2, 6]), actor.weights([2])], { transB: { int: 1 } }, 'actions');
    },
    options: { bounds: 'none' },
    expected: { hidden: [12], activation: 'relu', bounds: 'none' },
  },
  {
    name: 'stacked frames, flattened to a computed shape',
    body: (actor) => {
      const shape = actor.node('Shape', ['obs']);
      const batch = actor.node('Unsqueeze', [actor.node('Gather', [shape, actor.scalarIndex(0)]), actor.index([0])]);
      const wanted = actor.node('Concat', [batch, actor.index([-1])], { axis: { int: 0 } });
      const x = actor.node('Reshape', ['obs', wanted]);
      const hidden = actor.node('Tanh', [actor.gemm(x, 4, 6)]);
      actor.node('Gemm', [hidden, actor.weights([2, 6]), actor.weights([2])], { transB: { int: 1 } }, 'actions');
    },
    file: { inputs: [createValue('obs', ['batch', 2, 2])], outputs: [createValue('actions', ['batch', 2])] },
    options: { bounds: 'none' },
    expected: { hidden: [6], activation: 'tanh', bounds: 'none' },
  },
  {
    name: 'an activation of the observation itself',
    body: (actor) => {
      const seen = actor.node('Tanh', [actor.node('Mul', ['obs', actor.value([4], [1, 2, 3, 4])])]);
      const hidden = actor.node('Tanh', [actor.gemm(seen, 4, 6)]);
      actor.node('Gemm', [hidden, actor.weights([2, 6]), actor.weights([2])], { transB: { int: 1 } }, 'actions');
    },
    options: { bounds: 'none' },
    expected: { hidden: [4, 6], activation: 'tanh', bounds: 'none' },
  },
  {
    name: 'an input whose width only shows in the weights',
    body: layers(node('Relu')),
    file: { inputs: [createValue('obs', ['batch', 'n'])], outputs: [createValue('actions', ['batch', 2])] },
    options: { bounds: 'none' },
    expected: { hidden: [6, 5], activation: 'relu', bounds: 'none' },
  },
];

describe('importOnnx with files of other trainers', () => {
  it.each(CONTINUOUS)(
    'acts like onnxruntime: $name',
    async ({ body, file: wrap, options = {}, finish = keep, expected }) => {
      const file = createPlainFile(body, wrap);
      const policy = importOnnx(file, options);
      const { hidden, activation } = policy.spec.network;
      expect({ hidden, activation, bounds: policy.spec.bounds }).toEqual(expected);
      const dims = (wrap?.inputs?.[0].dims ?? [1, 4]).map((size) =>
        typeof size === 'number' ? size : size === 'n' ? 4 : 1,
      );
      const observation = createObservations(policy, ROWS);
      const theirs: number[] = [];
      for (let row = 0; row < ROWS; row++) {
        const rest = wrap?.inputs?.[1] ? { state_ins: [new Float32Array(1), [1]] as const } : {};
        const answers = await runModel(file, { obs: [observation.slice(4 * row, 4 * row + 4), dims], ...rest });
        theirs.push(...(answers.output ?? answers.actions).slice(0, 2).map(finish));
      }
      const { continuous } = actOf(policy, observation, new Uint8Array(0));
      expect(largestDifference(continuous, theirs)).toBeLessThan(EXACT);
      expect(new Set(continuous).size).toBeGreaterThan(10);
    },
  );

  const scores =
    (outputs: number): Body =>
    (actor) => {
      const hidden = actor.node('Tanh', [actor.gemm('obs', 4, 6)]);
      actor.node(
        'Gemm',
        [hidden, actor.weights([outputs, 6]), actor.weights([outputs])],
        { transB: { int: 1 } },
        'actions',
      );
    };

  it('takes numbers as scores of the given branches, after continuous actions', async () => {
    const file = createPlainFile(scores(7), { outputs: [createValue('actions', [1, 7])] });
    const policy = importOnnx(file, { branches: [3, 2], bounds: 'clip' });
    expect(policy.spec.layout.actuators).toEqual([{ name: 'actions', continuous: 2, branches: [3, 2] }]);
    const observation = createObservations(policy, ROWS);
    const { continuous, choices } = actOf(policy, observation, new Uint8Array(5 * ROWS).fill(1));
    for (let row = 0; row < ROWS; row++) {
      const { actions } = await runModel(file, { obs: [observation.slice(4 * row, 4 * row + 4), [1, 4]] });
      expect(largestDifference(continuous.slice(2 * row, 2 * row + 2), actions.slice(0, 2).map(clip))).toBeLessThan(
        EXACT,
      );
      expect(choices.slice(2 * row, 2 * row + 2)).toEqual([actions.slice(2, 5), actions.slice(5)].map(highest));
    }
  });

  it('takes the branches from a layout', () => {
    const file = createPlainFile(scores(5), { outputs: [createValue('actions', [1, 5])] });
    const sensors = [{ name: 'eyes', size: 4 }];
    const layout = { sensors, actuators: [{ name: 'hands', continuous: 0, branches: [3, 2] }] };
    expect(importOnnx(file, { layout }).spec.layout).toEqual(layout);
  });

  it.each([
    ['ArgMax', (actor) => actor.node('ArgMax', ['scores'], { axis: { int: 1 }, keepdims: { int: 0 } }, 'actions')],
    ['Softmax', (actor) => actor.node('Softmax', ['scores'], { axis: { int: -1 } }, 'actions')],
    [
      'the logarithms of a distribution',
      (actor) => {
        const total = actor.node('ReduceLogSumExp', ['scores'], { axes: { ints: [1] }, keepdims: { int: 1 } });
        actor.node('Sub', ['scores', total], {}, 'actions');
      },
    ],
    [
      'ArgMax of probabilities computed in steps',
      (actor) => {
        const most = actor.node('ReduceMax', ['scores'], { axes: { ints: [1] } });
        const weights = actor.node('Exp', [actor.node('Sub', ['scores', most])]);
        const sum = actor.node('ReduceSum', [weights, actor.index([1])]);
        actor.node(
          'ArgMax',
          [actor.node('Div', [weights, sum])],
          { axis: { int: 1 }, keepdims: { int: 0 } },
          'actions',
        );
      },
    ],
  ] as [string, Body][])('recognizes choices made by %s', async (_, end) => {
    const body: Body = (actor) => {
      const hidden = actor.node('Relu', [actor.gemm('obs', 4, 6)]);
      actor.node('Gemm', [hidden, actor.weights([3, 6]), actor.weights([3])], { transB: { int: 1 } }, 'scores');
      end(actor);
    };
    const outputs = [createValue('actions', [undefined], ELEMENT.float)];
    const file = createPlainFile(body, { outputs: [] });
    const policy = importOnnx(createPlainFile(body, { outputs }));
    expect(policy.spec.layout.actuators).toEqual([{ name: 'actions', continuous: 0, branches: [3] }]);
    expect(file.length).toBeGreaterThan(0);
    const observation = createObservations(policy, ROWS);
    const { choices } = actOf(policy, observation, new Uint8Array(3 * ROWS).fill(1));
    const open = createPlainFile(body, { outputs: [createValue('scores', [1, 3])] });
    for (let row = 0; row < ROWS; row++) {
      const answers = await runModel(open, { obs: [observation.slice(4 * row, 4 * row + 4), [1, 4]] });
      expect(choices[row]).toBe(highest(answers.scores));
    }
  });
});

describe('importOnnx with an ambiguous graph', () => {
  const plain = createPlainFile(layers(node('Tanh')));

  it('asks what the numbers are', () => {
    expect(() => importOnnx(plain, { who: 'File "a.onnx"' })).toThrow(
      '[agents] File "a.onnx" outputs 2 numbers ("actions"), but does not say what they are. If they are continuous actions, set bounds (--bounds): clip clips them to [−1, 1], as Stable-Baselines3, CleanRL and Godot RL Agents do; tanh squashes them; none leaves them as they are, as rsl_rl and Isaac Lab do. If they are scores of choices, set branches (--branches): 2 for one choice, or several branches whose sizes add up to 2.',
    );
  });

  it('rejects branches with a different sum', () => {
    expect(() => importOnnx(plain, { branches: [3] })).toThrow(
      'outputs 2 numbers ("actions"), not 3 scores of branches [3]. Pass branches whose sizes add up to 2.',
    );
  });

  it('rejects squashing actions that the graph already bounds, and names both bounds', () => {
    const ends: readonly [(actor: Parameters<Body>[0], x: string) => void, string][] = [
      [(actor, x) => actor.node('Clip', [x, actor.value([], [-5]), actor.value([], [5])], {}, 'actions'), '[−5, 5]'],
      [(actor, x) => actor.node('Clip', [x, actor.value([], [-1]), actor.value([], [1])], {}, 'actions'), '[−1, 1]'],
      [(actor, x) => actor.node('Sigmoid', [x], {}, 'actions'), '[0, 1]'],
    ];
    for (const [end, range] of ends) {
      const file = createPlainFile((actor) =>
        end(actor, actor.gemm(actor.node('Tanh', [actor.gemm('obs', 4, 6)]), 6, 2)),
      );
      expect(() => importOnnx(file, { bounds: 'tanh' })).toThrow(
        `already bounds its actions ("actions") to ${range}, but was imported with bounds "tanh", which is for unbounded numbers. Omit bounds, or use "clip" or "none".`,
      );
      expect(importOnnx(file, { bounds: 'clip' }).spec.bounds).toBe('clip');
    }
  });

  it.each([
    [{ bounds: 'clip' }, 'bounds "clip". Omit bounds.'],
    [{ branches: [2] }, 'branches [2]. Omit branches.'],
    [{ continuous: 2 }, 'continuous 2. Omit continuous.'],
  ] as [ImportOnnxOptions, string][])('rejects %j for a graph that makes choices', (options, message) => {
    const body: Body = (actor) => actor.node('ArgMax', [actor.gemm('obs', 4, 3)], { axis: { int: 1 } }, 'actions');
    const file = createPlainFile(body, { outputs: [createValue('actions', [1, 1], ELEMENT.int64)] });
    expect(importOnnx(file, { branches: [3] }).sizes.branches).toEqual([3]);
    expect(() => importOnnx(file, options)).toThrow(
      `acts with 0 continuous actions and branches [3], but was imported with ${message}`,
    );
  });

  it('rejects an output of an ML-Agents file that has no actions', () => {
    expect(() => importOnnx(createActorFile(ML_AGENTS), { output: 'memory_size' })).toThrow(
      'has its actions in "continuous_actions" and "deterministic_continuous_actions", but was imported with output "memory_size". Omit output.',
    );
  });

  it('rejects more continuous actions than there are numbers', () => {
    expect(() => importOnnx(plain, { bounds: 'clip', continuous: 7 })).toThrow(
      'outputs 2 numbers ("actions"), but was imported with continuous 7. Set continuous to 2 or less.',
    );
  });

  it.each([
    [{ bounds: 'sigmoid' }, 'bounds "sigmoid". It must be clip or tanh or none.'],
    [{ branches: 3 }, 'branches 3. It must be a list with the number of choices per branch, such as [3, 2].'],
    [{ branches: [2, 0] }, 'branches [2,0]. It must be a list'],
    [{ continuous: 1.5 }, 'continuous 1.5. It must be an integer above 0.'],
  ])('rejects the options %j', (options, message) => {
    expect(() => importOnnx(plain, options as unknown as ImportOnnxOptions)).toThrow(
      `[agents] The ONNX file was imported with ${message}`,
    );
  });

  /** a tanh layer over `seen`, and two numbers for actions */
  const over =
    (seen: (actor: Parameters<Body>[0]) => string): Body =>
    (actor) => {
      const hidden = actor.node('Tanh', [actor.gemm(seen(actor), 4, 6)]);
      actor.node('Gemm', [hidden, actor.weights([2, 6]), actor.weights([2])], { transB: { int: 1 } }, 'actions');
    };
  const replace = (actor: Parameters<Body>[0], x: string, sentinel: number) =>
    actor.node('Where', [actor.node('Equal', [x, actor.value([], [sentinel])]), actor.value([], [0]), x]);

  it.each([-1, 999])('rejects observations in which %d is replaced', (sentinel) => {
    const message = 'elu with α = 1: Equal, Where. Train it with one of these.';
    const raw = over((actor) => replace(actor, 'obs', sentinel));
    const moved = over((actor) => {
      const x = actor.node('Add', [actor.node('Mul', ['obs', actor.value([], [3])]), actor.value([], [0.5])]);
      return replace(actor, x, sentinel);
    });
    for (const body of [raw, moved])
      expect(() => importOnnx(createPlainFile(body), { bounds: 'none' })).toThrow(message);
  });

  it.each([-1, 999])('accepts observations clipped at %d', (limit) => {
    const [low, high] = limit < 0 ? [limit, 2] : [-limit, limit];
    const clipped = over((actor) => actor.node('Clip', ['obs', actor.value([], [low]), actor.value([], [high])]));
    const policy = importOnnx(createPlainFile(clipped), { bounds: 'none' });
    expect(policy.spec.network.hidden).toEqual([6]);
    expect(policy.spec.observationClip).toBeCloseTo((high - low) / 2, 6);
  });

  it('rejects an entry that is replaced at one value only', () => {
    const body = over((actor) => {
      const column = (i: number) => actor.node('Gather', ['obs', actor.index([i])], { axis: { int: 1 } });
      const columns = [replace(actor, column(0), 999), column(1), column(2), column(3)];
      return actor.node('Concat', columns, { axis: { int: 1 } });
    });
    expect(() => importOnnx(createPlainFile(body), { bounds: 'none' })).toThrow('Equal, Where');
  });

  it('asks which output holds the actions, and takes the given one', () => {
    const body: Body = (actor) => {
      const hidden = actor.node('Tanh', [actor.gemm('obs', 4, 6)]);
      for (const [name, size] of [
        ['30', 2],
        ['35', 1],
      ] as const)
        actor.node('Gemm', [hidden, actor.weights([size, 6])], { transB: { int: 1 } }, name);
    };
    const file = createPlainFile(body, { outputs: [createValue('30', [1, 2]), createValue('35', [1, 1])] });
    expect(() => importOnnx(file)).toThrow(
      'has outputs "30" [1, 2], "35" [1, 1], but does not say which one holds the actions. Name it in the option output (--output).',
    );
    expect(() => importOnnx(file, { output: 'actions' })).toThrow(
      'has no output "actions". It has "30" [1, 2], "35" [1, 1].',
    );
    expect(importOnnx(file, { output: '30', bounds: 'none' }).sizes.continuous).toBe(2);
  });

  it.each([
    ['steering_state', false],
    ['grayscale', false],
    ['carry_box', false],
    ['state_value', true],
    ['state_outs', true],
    ['recurrent_out', true],
    ['log_std', true],
    ['action_log_prob', true],
    ['value', true],
    ['values', true],
    ['h_n', true],
    ['vf_preds_0', true],
  ])('next to throttle, ignores %s: %s', (name, left) => {
    const body: Body = (actor) => {
      const hidden = actor.node('Tanh', [actor.gemm('obs', 4, 6)]);
      const end = (size: number, output: string) =>
        actor.node('Gemm', [hidden, actor.weights([size, 6])], { transB: { int: 1 } }, output);
      end(3, 'throttle');
      end(2, name);
    };
    const file = createPlainFile(body, { outputs: [createValue('throttle', [1, 3]), createValue(name, [1, 2])] });
    const open = () => importOnnx(file, { bounds: 'none' }).sizes.continuous;
    if (left) expect(open()).toBe(3);
    else
      expect(open).toThrow(
        `has outputs "throttle" [1, 3], "${name}" [1, 2], but does not say which one holds the actions.`,
      );
  });

  it('names inputs, outputs and operators of a graph that is not a policy', () => {
    const body: Body = (actor) => {
      const features = actor.node('Conv', ['image', actor.weights([2, 3, 3, 3])]);
      actor.node('GlobalAveragePool', [features], {}, 'classes');
    };
    const file = createPlainFile(body, {
      inputs: [createValue('image', [1, 3, 8, 8])],
      outputs: [createValue('classes', [1, 2])],
    });
    expect(() => importOnnx(file)).toThrow(
      'uses Conv, GlobalAveragePool: it sees images or grids, which are not supported yet. It has inputs "image" [1, 3, 8, 8]; outputs "classes" [1, 2]; operators Conv, GlobalAveragePool.',
    );
  });

  it('rejects a memory by its input, if the graph reads it', () => {
    const body: Body = (actor) => {
      const both = actor.node('Concat', ['obs', 'h_in'], { axis: { int: 1 } });
      actor.node('Tanh', [actor.gemm(both, 6, 2)], {}, 'actions');
      actor.node('Identity', ['actions'], {}, 'h_out');
    };
    const inputs = [createValue('obs', [1, 4]), createValue('h_in', [1, 2])];
    expect(() => importOnnx(createPlainFile(body, { inputs }))).toThrow(
      'has a memory (input "h_in" [1, 2]), which is not supported yet.',
    );
  });

  it('rejects an observation of 0 floats, one of integers, and a policy without a name', () => {
    const refuse = (value: ReturnType<typeof createValue>) => () =>
      importOnnx(createPlainFile(layers(node('Tanh')), { inputs: [value] }), { bounds: 'none' });
    expect(refuse(createValue('obs', [1, 0]))).toThrow('has input "obs" [1, 0] of 0 floats.');
    expect(refuse(createValue('obs', [1, 4], ELEMENT.int64))).toThrow('has input "obs" [1, 4] of element type 7.');
    expect(() => importOnnx(plain, { bounds: 'none', name: ' ' })).toThrow(
      'cannot have the name " ". Pass the name that agents use as their policy.',
    );
  });
});

function highest(scores: readonly number[]): number {
  return scores.indexOf(Math.max(...scores));
}
