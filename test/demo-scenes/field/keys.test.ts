import { describe, expect, it } from 'vitest';
import { defaultKeys, nameKey } from '../../../demo-scenes/field/key-bindings.ts';
import { Keyboard } from '../../../demo-scenes/field/keyboard.ts';

describe('defaultKeys', () => {
  it('gives arrows and WASD to the first two continuous actions and digits to the choices of all branches', () => {
    const { bindings } = defaultKeys({
      sensors: [],
      actuators: [
        { name: 'push', continuous: 1, branches: [] },
        { name: 'turn', continuous: 2, branches: [3] },
        { name: 'jump', continuous: 0, branches: [2] },
      ],
    });
    expect(bindings.map(({ keys: [key], entry, value, does }) => [key, entry, value, does])).toEqual([
      ['ArrowLeft', 0, -1, 'push −'],
      ['ArrowRight', 0, 1, 'push +'],
      ['ArrowDown', 1, -1, 'turn 1 −'],
      ['ArrowUp', 1, 1, 'turn 1 +'],
      ['Digit1', 3, 0, 'turn: choice 0'],
      ['Digit2', 3, 1, 'turn: choice 1'],
      ['Digit3', 3, 2, 'turn: choice 2'],
      ['Digit4', 4, 0, 'jump: choice 0'],
      ['Digit5', 4, 1, 'jump: choice 1'],
    ]);
  });

  it('stops at nine choices, as there are no more digits', () => {
    const { bindings } = defaultKeys({ sensors: [], actuators: [{ name: 'move', continuous: 0, branches: [12] }] });
    expect(bindings.map(({ keys: [key] }) => key).at(-1)).toBe('Digit9');
    expect(bindings).toHaveLength(9);
  });
});

describe('nameKey', () => {
  it('says what stands on a key', () => {
    expect(['KeyW', 'Digit3', 'ArrowUp', 'Space'].map(nameKey)).toEqual(['W', '3', '↑', 'Space']);
  });
});

describe('Keyboard', () => {
  it('rests while no key is down: no action, and the first choice that is allowed', () => {
    const layout = { sensors: [], actuators: [{ name: 'move', continuous: 1, branches: [3, 2] }] };
    const keyboard = new Keyboard(defaultKeys(layout), layout, 0.1);
    const action = new Float32Array(6).fill(9);
    keyboard.act(new Float32Array(0), action, Uint8Array.of(1, 1, 1, 1, 1, /* row 2: */ 0, 0, 1, 0, 1));
    expect([...action]).toEqual([0, 0, 0, 0, 2, 1]);
  });
});
