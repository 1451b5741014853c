import { describe, expect, it } from 'vitest';
import { AgentsError } from '../../plugin/core/errors.ts';
import { exportOnnx } from '../../plugin/onnx/export-onnx.ts';
import { createValue } from '../../plugin/onnx/graph-builder.ts';
import { importOnnx } from '../../plugin/onnx/import-onnx.ts';
import { encodeVarint } from '../bad-files/mutations.ts';
import { type ActorFile, type Body, CONTINUOUS, createActorFile, DISCRETE, MASKED, OBSERVED } from './actors.ts';
import { createPlayer, LAYOUTS } from './fixtures.ts';

const CERTAIN = 'deterministic_continuous_actions';

/** An actor whose trunk is one node more than it needs. */
const withNode =
  (op: string, attributes = {}): Body =>
  (actor) => {
    const odd = actor.node(op, [actor.gemm('obs_0', 4, 6)], attributes);
    actor.action(actor.gemm(actor.swish(odd), 6, 2), CERTAIN, 2);
  };

const REFUSALS: readonly (readonly [string, Body, ActorFile, string])[] = [
  [
    'version 2 by its input',
    CONTINUOUS,
    { inputs: [createValue('vector_observation', ['batch', 4])] },
    'is an ML-Agents model of version 2 (input "vector_observation"), and version 3 is read. Train or export it again with release 18 or newer.',
  ],
  ['version 2 by its number', CONTINUOUS, { version: 2 }, 'is an ML-Agents model of version 2 (version_number is 2)'],
  ['a version to come', CONTINUOUS, { version: 4 }, 'has version_number 4, and 3 is read.'],
  ['a memory', CONTINUOUS, { memory: 128 }, 'has a memory of 128 floats. Train the agent without a memory section.'],
  [
    'a memory by its input',
    CONTINUOUS,
    { inputs: [...OBSERVED, createValue('recurrent_in', ['batch', 1, 8])] },
    'has a memory (input "recurrent_in").',
  ],
  [
    'images',
    CONTINUOUS,
    { inputs: [...OBSERVED, createValue('obs_1', ['batch', 3, 84, 84])] },
    'sees images ("obs_1" [batch, 3, 84, 84]). Train the agent with vector observations.',
  ],
  [
    'entities',
    CONTINUOUS,
    { inputs: [...OBSERVED, createValue('obs_1', [undefined, 20, 23])] },
    'observes entities ("obs_1" [?, 20, 23]). Train the agent without buffer sensors.',
  ],
  [
    'an observation of free width',
    CONTINUOUS,
    { inputs: [createValue('obs_0', ['batch', 'n'])] },
    'has "obs_0" of shape [batch, n].',
  ],
  ['an unknown input', CONTINUOUS, { inputs: [...OBSERVED, createValue('goal', ['batch', 2])] }, 'has input "goal".'],
  ['no observation', CONTINUOUS, { inputs: [] }, 'observes nothing.'],
  ['no actions', () => {}, {}, 'gives no actions: its outputs are version_number, memory_size.'],
  [
    'a convolution',
    withNode('Conv'),
    {},
    'computes with Conv: it sees images. Train the agent with vector observations.',
  ],
  ['an LSTM', withNode('LSTM'), {}, 'computes with LSTM: it has a memory.'],
  ['attention', withNode('ReduceMean'), {}, 'computes with ReduceMean: it attends to entities or to goals.'],
  ['a loop', withNode('Loop'), {}, 'computes with Loop: it decides what to compute.'],
  ['anything else', withNode('Hardmax'), {}, 'computes with Hardmax, which no dense policy needs.'],
  ['another activation', withNode('Abs'), {}, 'applies Abs to values of the observation.'],
  ['a clip between layers', withNode('Clip', { min: { float: 0 } }), {}, 'clips or shakes values between its layers.'],
  [
    'two dense layers in a row',
    (actor) => actor.action(actor.gemm(actor.gemm('obs_0', 4, 6), 6, 2), CERTAIN, 2),
    {},
    'has two dense layers without an activation between them.',
  ],
  [
    'two activations',
    (actor) => {
      const hidden = actor.node('Tanh', [actor.gemm(actor.swish(actor.gemm('obs_0', 4, 6)), 6, 6)]);
      actor.action(actor.gemm(hidden, 6, 2), CERTAIN, 2);
    },
    {},
    'has layers of tanh and swish.',
  ],
  [
    'a shortcut',
    (actor) => {
      const hidden = actor.swish(actor.gemm('obs_0', 4, 4));
      actor.action(actor.gemm(actor.node('Add', [hidden, 'obs_0']), 4, 2), CERTAIN, 2);
    },
    {},
    'adds two values that it computes from the observation.',
  ],
  [
    'a hypernetwork',
    (actor) => {
      const weights = actor.gemm('obs_0', 4, 6);
      actor.action(actor.node('Mul', [weights, actor.gemm('obs_0', 4, 6)]), CERTAIN, 6);
    },
    {},
    'applies Mul to values of the observation and values of the observation.',
  ],
  [
    'a swish of another slope',
    (actor) => {
      const sums = actor.gemm('obs_0', 4, 6);
      const gate = actor.node('Sigmoid', [actor.node('Mul', [sums, actor.value([], [1.5])])]);
      actor.action(actor.gemm(actor.node('Mul', [sums, gate]), 6, 2), CERTAIN, 2);
    },
    {},
    'applies Mul to values of the observation and their sigmoid.',
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
    'actions squashed by tanh',
    (actor) => {
      actor.node('Tanh', [actor.gemm('obs_0', 4, 2)], {}, CERTAIN);
      actor.outputs.push(createValue(CERTAIN, ['batch', 2]));
    },
    {},
    'squashes its actions with tanh, as SAC does. Actions clipped to [−1, 1] are imported: train the agent with ML-Agents’ PPO.',
  ],
  [
    'actions without bounds',
    (actor) => {
      actor.node('Identity', [actor.gemm('obs_0', 4, 2)], {}, CERTAIN);
      actor.outputs.push(createValue(CERTAIN, ['batch', 2]));
    },
    {},
    'bounds its actions to [-Infinity, Infinity].',
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
    'applies Exp to values of the observation.',
  ],
  [
    'a lopsided normaliser',
    (actor) => {
      const x = actor.node('Clip', ['obs_0'], { min: { float: 0 }, max: { float: 5 } });
      actor.action(actor.gemm(x, 4, 2), CERTAIN, 2);
    },
    {},
    'clips observations to [0, 5].',
  ],
  [
    'masks that do not block',
    (actor) => {
      const logits = actor.gemm('obs_0', 4, 3);
      actor.choice(actor.node('Softmax', [actor.node('Mul', [logits, 'action_masks'])], { axis: { int: 1 } }));
    },
    { inputs: MASKED },
    'computes something else than the dense policy that it looks like: ',
  ],
  [
    'masks of another size',
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
    'holds numbers that are not finite, or divides by 0. Train it again.',
  ],
  [
    'weights of another shape',
    (actor) => actor.action(actor.gemm('obs_0', 5, 2), CERTAIN, 2),
    {},
    'has Gemm "Gemm_0" of 4 columns and weights [2,5].',
  ],
  [
    'a value that nothing wrote',
    (actor) => actor.action(actor.gemm('nowhere', 4, 2), CERTAIN, 2),
    {},
    'has Gemm read "nowhere", which nothing wrote before.',
  ],
];

describe('importOnnx', () => {
  it.each(REFUSALS)('refuses %s', (_, body, options, message) => {
    const file = createActorFile(body, options);
    const refused = () => importOnnx(file, { who: 'File "a.onnx"' });
    expect(refused).toThrow(AgentsError);
    expect(refused).toThrow(`[agents] File "a.onnx" ${message}`);
  });

  it('refuses a layout of other sensors or actuators, with both', () => {
    const file = createActorFile(CONTINUOUS);
    expect(() => importOnnx(file, { layout: LAYOUTS.mixed })).toThrow(
      '[agents] The ONNX file observes 4 floats and acts with 2 continuous actions and branches [], but the layout observes 7 floats (touch 3, eyes 4) and acts with legs 1 continuous + branches 2, voice branches 3, head 2 continuous.',
    );
  });

  it('refuses a pace that is none', () => {
    const file = createActorFile(CONTINUOUS);
    expect(() => importOnnx(file, { timeStep: 0 })).toThrow(
      '[agents] The ONNX file becomes no policy: "timeStep" is 0 and must be a number from 0.0001 to 10.',
    );
    expect(() => importOnnx(file, { decisionPeriod: 2.5 })).toThrow(
      '"decisionPeriod" is 2.5 and must be a whole number',
    );
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['text', new TextEncoder().encode('{"policy": true}')],
    ['a graph that is cut off', createActorFile(CONTINUOUS).slice(0, 300)],
    ['a length beyond the file', Uint8Array.from([0x3a, ...encodeVarint(2n ** 31n)])],
  ])('refuses %s', (_, file) => {
    expect(() => importOnnx(file)).toThrow('[agents] The ONNX file is no ONNX file');
  });

  it('refuses a million empty nodes while it reads them', () => {
    const nodes = new Uint8Array(2_000_000).map((_, i) => (i % 2 === 0 ? 0x0a : 0));
    const file = Uint8Array.from([0x08, 4, 0x3a, ...encodeVarint(BigInt(nodes.length)), ...nodes]);
    expect(() => importOnnx(file)).toThrow('is damaged: a node has no operator or no output');
  });

  it('refuses a million sound ones as well', () => {
    const node = [0x0a, 6, 0x12, 1, 0x61, 0x22, 1, 0x62]; // b → a
    const nodes = new Uint8Array(8_000_000).map((_, i) => node[i % 8]);
    const file = Uint8Array.from([0x08, 4, 0x3a, ...encodeVarint(BigInt(nodes.length)), ...nodes]);
    expect(() => importOnnx(file)).toThrow('has more than 10000 parts, and a dense policy has some hundred');
  });

  it('refuses a small file that asks for large results', () => {
    const wide = (actor: Parameters<Body>[0]) => {
      let x = actor.value([1, 1], [1]);
      for (let i = 0; i < 40; i++) x = actor.node('Concat', [x, x], { axis: { int: 1 } }); // 2^40 floats
      actor.action(actor.node('Add', [actor.gemm('obs_0', 4, 1), x]), CERTAIN, 1);
    };
    expect(() => importOnnx(createActorFile(wide))).toThrow('asks for far more memory than its size');
  });

  it('refuses a weight that hundreds of layers share', () => {
    const deep = (actor: Parameters<Body>[0]) => {
      const [square, bias] = [actor.weights([128, 128]), actor.weights([128])];
      let x = actor.gemm('obs_0', 4, 128);
      for (let i = 0; i < 400; i++) x = actor.node('Gemm', [actor.node('Tanh', [x]), square, bias]);
      actor.action(x, CERTAIN, 128);
    };
    expect(() => importOnnx(createActorFile(deep))).toThrow('asks for far more memory than its size');
  });

  it('refuses two graphs, and constants that are held twice', () => {
    const file = exportOnnx(createPlayer(LAYOUTS.continuous));
    expect(() => importOnnx(Uint8Array.from([...file, ...file]))).toThrow('holds two graphs');
    const twice: Body = (actor) => {
      CONTINUOUS(actor);
      actor.initializers.push(actor.initializers[0]);
    };
    expect(() => importOnnx(createActorFile(twice))).toThrow('holds "onnx::0" twice');
  });
});
