import { describe, expect, it } from 'vitest';
import { AgentsError } from '../../plugin/core/errors.ts';
import { exportOnnx } from '../../plugin/onnx/export-onnx.ts';
import { createValue } from '../../plugin/onnx/graph-builder.ts';
import { importOnnx } from '../../plugin/onnx/import-onnx.ts';
import { encodeVarint } from '../bad-files/mutations.ts';
import { type ActorFile, type Body, CONTINUOUS, createActorFile, DISCRETE, MASKED, OBSERVED } from './actors.ts';
import { createPlayer, LAYOUTS } from './fixtures.ts';

const CERTAIN = 'deterministic_continuous_actions';

/** An actor whose trunk has one extra node. */
const withNode =
  (op: string, attributes = {}): Body =>
  (actor) => {
    const odd = actor.node(op, [actor.gemm('obs_0', 4, 6)], attributes);
    actor.action(actor.gemm(actor.swish(odd), 6, 2), CERTAIN, 2);
  };

/** An actor of one hidden layer with that activation. */
const withActivation =
  (op: string, attributes = {}): Body =>
  (actor) =>
    actor.action(actor.gemm(actor.node(op, [actor.gemm('obs_0', 4, 6)], attributes), 6, 2), CERTAIN, 2);

const REFUSALS: readonly (readonly [string, Body, ActorFile, string])[] = [
  ['a newer version', CONTINUOUS, { version: 4 }, 'has version_number 4, but only 2 and 3 are supported.'],
  ['an old version', CONTINUOUS, { version: 1 }, 'has version_number 1, but only 2 and 3 are supported.'],
  [
    'a memory',
    CONTINUOUS,
    { memory: 128 },
    'has a memory of 128 floats, which is not supported yet. Train the agent without a memory section.',
  ],
  [
    'a memory by its input',
    CONTINUOUS,
    { inputs: [...OBSERVED, createValue('recurrent_in', ['batch', 1, 8])] },
    'has a memory (input "recurrent_in"), which is not supported yet.',
  ],
  [
    'images',
    withNode('Conv'),
    { inputs: [...OBSERVED, createValue('obs_1', ['batch', 3, 84, 84])] },
    'sees images or a grid ("obs_1" [batch, 3, 84, 84]), which are not supported yet. Train the agent with vector observations.',
  ],
  [
    'entities',
    CONTINUOUS,
    { inputs: [...OBSERVED, createValue('obs_1', [undefined, 20, 23])] },
    'observes entities ("obs_1" [?, 20, 23]), which are not supported yet. Train the agent without buffer sensors.',
  ],
  [
    'an observation of free width',
    CONTINUOUS,
    { inputs: [createValue('obs_0', ['batch', 'n'])] },
    'has input "obs_0" [batch, n] of unknown width. Export it with a fixed width',
  ],
  [
    'an observation of 0 floats',
    CONTINUOUS,
    { inputs: [createValue('obs_0', ['batch', 0])] },
    'has input "obs_0" [batch, 0] of 0 floats. Add a vector observation to the agent and train it again.',
  ],
  [
    'an unknown input',
    CONTINUOUS,
    { inputs: [...OBSERVED, createValue('goal', ['batch', 2])] },
    'has unknown input "goal" [batch, 2].',
  ],
  ['no observation', CONTINUOUS, { inputs: [] }, 'observes nothing.'],
  [
    'no actions',
    () => {},
    {},
    'has no actions. It has inputs "obs_0" [batch, 4]; outputs "version_number" [1], "memory_size" [1]; operators Identity.',
  ],
  [
    'a convolution',
    withNode('Conv'),
    {},
    'uses Conv: it sees images or grids, which are not supported yet. It has inputs "obs_0" [batch, 4]; outputs "deterministic_continuous_actions" [batch, 2], "version_number" [1], "memory_size" [1]; operators Gemm, Conv, Sigmoid, Mul, Clip, Div, Identity. Train the agent with vector observations.',
  ],
  ['an LSTM', withNode('LSTM'), {}, 'uses LSTM: it has a memory, which is not supported yet.'],
  ['attention', withNode('ReduceMean'), {}, 'uses ReduceMean: it has attention, goals or layer normalization'],
  [
    'layer normalization',
    withNode('LayerNormalization'),
    {},
    'uses LayerNormalization: it has layer normalization, which is not supported yet.',
  ],
  ['a loop', withNode('Loop'), {}, 'uses Loop: it has control flow, which is not supported.'],
  ['quantized layers', withNode('MatMulInteger'), {}, 'uses MatMulInteger: it is quantized, which is not sup'],
  ['anything else', withNode('Hardmax'), {}, 'uses Hardmax, which is not supported.'],
  [
    'an unknown activation',
    withNode('Gelu'),
    {},
    'uses Gelu: supported activations are tanh, relu, swish (SiLU), sigmoid, LeakyRelu and elu.',
  ],
  [
    'an elu of another α',
    withActivation('Elu', { alpha: { float: 0.5 } }),
    {},
    'has an activation other than tanh, relu, swish (SiLU), sigmoid, LeakyRelu and elu with α = 1: Elu (alpha 0.5).',
  ],
  [
    'another activation',
    withActivation('Exp'),
    {},
    'has an activation other than tanh, relu, swish (SiLU), sigmoid, LeakyRelu and elu with α = 1: Exp.',
  ],
  [
    'an activation that is used twice by each of a hundred operators',
    (actor) => {
      let x = actor.node('Tanh', [actor.gemm('obs_0', 4, 2)]);
      for (let i = 0; i < 100; i++) x = actor.node('Mul', [x, x]);
      actor.action(actor.gemm(x, 2, 2), CERTAIN, 2);
    },
    {},
    'has an activation of more than 200 operations.',
  ],
  [
    'a shortcut',
    (actor) => {
      const hidden = actor.swish(actor.gemm('obs_0', 4, 4));
      actor.action(actor.gemm(actor.node('Add', [hidden, 'obs_0']), 4, 2), CERTAIN, 2);
    },
    {},
    'combines two values that it computes from the observation (Add).',
  ],
  [
    'a hypernetwork',
    (actor) => {
      const weights = actor.gemm('obs_0', 4, 6);
      actor.action(actor.node('Mul', [weights, actor.gemm('obs_0', 4, 6)]), CERTAIN, 6);
    },
    {},
    'combines two values that it computes from the observation (Mul).',
  ],
  [
    'two networks',
    (actor) => {
      CONTINUOUS(actor);
      DISCRETE(actor);
    },
    { inputs: MASKED },
    'has several networks, one for each kind of action.',
  ],
  [
    'a product of computed values, as in attention',
    (actor) => {
      const keys = actor.gemm('obs_0', 4, 4);
      actor.action(actor.node('MatMul', [actor.gemm('obs_0', 4, 4), keys]), CERTAIN, 4);
    },
    {},
    'multiplies matrices that it computes from the observation (MatMul), as attention does, which is not supported yet.',
  ],
  [
    'noise squashed by tanh',
    (actor) => {
      const mean = actor.gemm('obs_0', 4, 2);
      const drawn = actor.node('Add', [mean, actor.node('RandomNormalLike', [mean])]);
      actor.node('Tanh', [drawn], {}, 'continuous_actions');
      actor.outputs.push(createValue('continuous_actions', ['batch', 2]));
    },
    {},
    'squashes its sampled actions, as SAC does.',
  ],
  [
    'actions without bounds',
    (actor) => {
      actor.node('Identity', [actor.gemm('obs_0', 4, 2)], {}, CERTAIN);
      actor.outputs.push(createValue(CERTAIN, ['batch', 2]));
    },
    {},
    'outputs 2 numbers ("deterministic_continuous_actions"), but does not say what they are. If they are continuous actions, set bounds (--bounds): clip',
  ],
  [
    'σ from the observation',
    (actor) => {
      const mean = actor.gemm('obs_0', 4, 2);
      const noise = actor.node('Mul', [
        actor.node('RandomNormalLike', [mean]),
        actor.node('Exp', [actor.gemm('obs_0', 4, 2)]),
      ]);
      actor.action(actor.node('Add', [mean, noise]), 'continuous_actions', 2);
    },
    {},
    'samples its actions with a deviation that depends on the observation, or squashes them, as SAC does.',
  ],
  [
    'an observation that is clipped on one side',
    (actor) => {
      const x = actor.node('Clip', ['obs_0'], { min: { float: 0 } });
      actor.action(actor.gemm(x, 4, 2), CERTAIN, 2);
    },
    {},
    'clips observations to [0, Infinity].',
  ],
  [
    'masks that do not block',
    (actor) => {
      const logits = actor.gemm('obs_0', 4, 3);
      actor.choice(actor.node('Softmax', [actor.node('Mul', [logits, 'action_masks'])], { axis: { int: 1 } }));
    },
    { inputs: MASKED },
    'does not behave like the dense policy that it seems to be: ',
  ],
  [
    'masks of a different size',
    DISCRETE,
    { inputs: [...OBSERVED, createValue('action_masks', ['batch', 4])] },
    'applies Mul to values of the observation and constants.',
  ],
  [
    'a deviation of 0',
    (actor) => {
      const x = actor.node('Div', ['obs_0', actor.value([4], [1, 0, 1, 1])]);
      actor.action(actor.gemm(actor.clip(x, 5), 4, 2), CERTAIN, 2);
    },
    {},
    'has non-finite numbers or divides by 0. Train it again.',
  ],
  [
    'weights of a different shape',
    (actor) => actor.action(actor.gemm('obs_0', 5, 2), CERTAIN, 2),
    {},
    'has Gemm "Gemm_0" of 4 columns and weights [2,5].',
  ],
  [
    'a value that nothing computes',
    (actor) => actor.action(actor.gemm('nowhere', 4, 2), CERTAIN, 2),
    {},
    'reads "nowhere" in Gemm before computing it.',
  ],
];

describe('importOnnx', () => {
  it.each(REFUSALS)('rejects %s', (_, body, options, message) => {
    const file = createActorFile(body, options);
    const refused = () => importOnnx(file, { who: 'File "a.onnx"' });
    expect(refused).toThrow(AgentsError);
    expect(refused).toThrow(`[agents] File "a.onnx" ${message}`);
  });

  it('rejects a layout of other sensors or actuators, and shows both', () => {
    const file = createActorFile(CONTINUOUS);
    expect(() => importOnnx(file, { layout: LAYOUTS.mixed })).toThrow(
      '[agents] The ONNX file observes 4 floats and acts with 2 continuous actions and branches [], but the layout observes 7 floats (touch 3, eyes 4) and acts with legs 1 continuous + branches 2, voice branches 3, head 2 continuous.',
    );
  });

  it('rejects an invalid pace', () => {
    const file = createActorFile(CONTINUOUS);
    expect(() => importOnnx(file, { timeStep: 0 })).toThrow(
      '[agents] The ONNX file cannot become a policy: "timeStep" is 0 and must be a number from 0.0001 to 10.',
    );
    expect(() => importOnnx(file, { decisionPeriod: 2.5 })).toThrow(
      '"decisionPeriod" is 2.5 and must be an integer ≥ 1',
    );
  });

  it.each([
    ['a graph that is cut off', createActorFile(CONTINUOUS).slice(0, 300)],
    ['a length beyond the file', Uint8Array.from([0x3a, ...encodeVarint(2n ** 31n)])],
  ])('rejects %s', (_, file) => {
    expect(() => importOnnx(file)).toThrow('[agents] The ONNX file is not an ONNX file');
  });

  it('rejects a million empty nodes while reading them', () => {
    const nodes = new Uint8Array(2_000_000).map((_, i) => (i % 2 === 0 ? 0x0a : 0));
    const file = Uint8Array.from([0x08, 4, 0x3a, ...encodeVarint(BigInt(nodes.length)), ...nodes]);
    expect(() => importOnnx(file)).toThrow('is damaged: a node has no operator or no output');
  });

  it('rejects a million valid nodes, too', () => {
    const node = [0x0a, 6, 0x12, 1, 0x61, 0x22, 1, 0x62]; // b → a
    const nodes = new Uint8Array(8_000_000).map((_, i) => node[i % 8]);
    const file = Uint8Array.from([0x08, 4, 0x3a, ...encodeVarint(BigInt(nodes.length)), ...nodes]);
    expect(() => importOnnx(file)).toThrow('has more than 10000 parts, but a dense policy has a few hundred');
  });

  it('rejects a small file that asks for large results', () => {
    const wide = (actor: Parameters<Body>[0]) => {
      let x = actor.value([1, 1], [1]);
      for (let i = 0; i < 40; i++) x = actor.node('Concat', [x, x], { axis: { int: 1 } }); // 2^40 floats
      actor.action(actor.node('Add', [actor.gemm('obs_0', 4, 1), x]), CERTAIN, 1);
    };
    expect(() => importOnnx(createActorFile(wide))).toThrow('needs far more memory than its size');
  });

  it('rejects a weight shared by hundreds of layers', () => {
    const deep = (actor: Parameters<Body>[0]) => {
      const [square, bias] = [actor.weights([128, 128]), actor.weights([128])];
      let x = actor.gemm('obs_0', 4, 128);
      for (let i = 0; i < 400; i++) x = actor.node('Gemm', [actor.node('Tanh', [x]), square, bias]);
      actor.action(x, CERTAIN, 128);
    };
    expect(() => importOnnx(createActorFile(deep))).toThrow('needs far more memory than its size');
  });

  it('rejects two graphs, and duplicate constants', () => {
    const file = exportOnnx(createPlayer(LAYOUTS.continuous));
    expect(() => importOnnx(Uint8Array.from([...file, ...file]))).toThrow('has two graphs');
    const twice: Body = (actor) => {
      CONTINUOUS(actor);
      actor.initializers.push(actor.initializers[0]);
    };
    expect(() => importOnnx(createActorFile(twice))).toThrow('has "onnx::0" twice');
  });
});
