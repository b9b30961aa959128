/** The dialects by name. */
import type { DialectName } from '#devices/define.ts'
import type { Dialect } from './dialect.ts'
import { esphome } from './esphome.ts'
import { shelly } from './shelly.ts'
import { tasmota } from './tasmota.ts'
import { zigbee2mqtt } from './zigbee2mqtt.ts'

export const DIALECTS_BY_NAME: Readonly<Record<DialectName, Dialect>> = { zigbee2mqtt, shelly, tasmota, esphome }
