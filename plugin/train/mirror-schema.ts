import * as v from 'valibot';
import type { MirrorImage } from '../learn/mirror.ts';
import { objectOf } from './object-schema.ts';

/** Every message below ends the sentence "It must be …". */
const INDEX = 'an integer, 0 or more';
const ORDER = 'a list of integers';
const order = v.array(v.pipe(v.number(INDEX), v.safeInteger(INDEX), v.minValue(0, INDEX)), ORDER);

const SENSOR = objectOf({
  from: v.exactOptional(v.string('the name of a sensor or actuator')),
  order: v.exactOptional(order),
  flip: v.exactOptional(order),
});

const ACTUATOR = objectOf({
  ...SENSOR.entries,
  choices: v.exactOptional(v.array(order, 'a list of choices for each branch')),
});

/** An image of a task; whether it fits the agents is seen when they are known. */
export const MIRROR_IMAGE = objectOf({
  sensors: v.exactOptional(v.record(v.string(), SENSOR, 'an object of images by sensor')),
  actuators: v.exactOptional(v.record(v.string(), ACTUATOR, 'an object of images by actuator')),
}) satisfies v.GenericSchema<unknown, MirrorImage>;
