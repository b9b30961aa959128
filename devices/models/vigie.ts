import { defineModel, one, several } from '../define.ts'
import {
  badgeReader,
  battery,
  contact,
  dimmableLight,
  electronicLock,
  illuminance,
  motion,
  requestToExit,
  siren,
  tamper,
} from '../traits/common.ts'

export const medicineCabinet = defineModel({
  id: 'medicine-cabinet',
  vendor: 'vigie',
  label: { fr: 'Armoire à pharmacie', en: 'Medicine cabinet' },
  points: [
    one('cabinet', badgeReader(), electronicLock(), contact(), tamper()),
    several('drawer', 16, badgeReader(), electronicLock(), contact()),
  ],
})

export const door = defineModel({
  id: 'door',
  vendor: 'vigie',
  label: { fr: 'Porte', en: 'Door' },
  points: [one('door', badgeReader(), electronicLock(), contact(), tamper(), requestToExit())],
})

export const pir = defineModel({
  id: 'pir',
  vendor: 'vigie',
  label: { fr: 'Détecteur de mouvement', en: 'Motion sensor' },
  points: [one('pir', motion(), tamper(), battery())],
})

export const lightSensor = defineModel({
  id: 'light-sensor',
  vendor: 'vigie',
  label: { fr: 'Capteur de lumière', en: 'Light sensor' },
  points: [one('lux', illuminance(), battery())],
})

export const light = defineModel({
  id: 'light',
  vendor: 'vigie',
  label: { fr: 'Éclairage', en: 'Light' },
  points: [one('lamp', dimmableLight())],
})

export const alarmSiren = defineModel({
  id: 'siren',
  vendor: 'vigie',
  label: { fr: 'Sirène', en: 'Siren' },
  points: [one('siren', siren(), tamper())],
})
