/** What is bought in a shop, by what it tells; which words it tells it in is its gateway's dialect. */
import { defineModel, one } from '../define.ts'
import {
  battery,
  contact,
  dimmableLight,
  humidity,
  illuminance,
  motion,
  tamper,
  temperature,
} from '../traits/common.ts'

const BOUGHT = { vendor: 'bought', bought: true } as const

export const boughtContact = defineModel({
  ...BOUGHT,
  id: 'bought-contact',
  label: { fr: 'Contact de porte du commerce', en: 'Bought door contact' },
  points: [one('contact', contact(), tamper(), battery())],
})

export const boughtMotion = defineModel({
  ...BOUGHT,
  id: 'bought-motion',
  label: { fr: 'Détecteur de mouvement du commerce', en: 'Bought motion sensor' },
  points: [one('motion', motion(), illuminance(), tamper(), battery())],
})

export const boughtLightSensor = defineModel({
  ...BOUGHT,
  id: 'bought-light-sensor',
  label: { fr: 'Capteur de lumière du commerce', en: 'Bought light sensor' },
  points: [one('lux', illuminance(), battery())],
})

export const boughtClimate = defineModel({
  ...BOUGHT,
  id: 'bought-climate',
  label: { fr: 'Thermomètre du commerce', en: 'Bought thermometer' },
  points: [one('climate', temperature(), humidity(), battery())],
})

export const boughtLight = defineModel({
  ...BOUGHT,
  id: 'bought-light',
  label: { fr: 'Éclairage du commerce', en: 'Bought light' },
  points: [one('lamp', dimmableLight())],
})

export const zigbee2mqtt = defineModel({
  id: 'zigbee2mqtt',
  vendor: 'bought',
  label: { fr: 'Passerelle Zigbee2MQTT', en: 'Zigbee2MQTT gateway' },
  gateway: 'zigbee2mqtt',
  points: [],
})

export const shelly = defineModel({
  id: 'shelly',
  vendor: 'bought',
  label: { fr: 'Shelly (Gen2 et suivants)', en: 'Shelly (Gen2 and later)' },
  gateway: 'shelly',
  points: [],
})

export const tasmota = defineModel({
  id: 'tasmota',
  vendor: 'bought',
  label: { fr: 'Tasmota', en: 'Tasmota' },
  gateway: 'tasmota',
  points: [],
})

export const esphome = defineModel({
  id: 'esphome',
  vendor: 'bought',
  label: { fr: 'ESPHome', en: 'ESPHome' },
  gateway: 'esphome',
  points: [],
})
