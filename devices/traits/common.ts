import { trait } from '../define.ts'

/** Reads badges; asks the hub for the point it stands on. */
export const badgeReader = () => trait('badge-reader', { says: ['badge'], actions: ['identify'] })

/** Releases for `unlockMs` on a command and locks again by itself. */
export const electronicLock = () =>
  trait('electronic-lock', { says: ['state'], states: ['lock'], actions: ['unlock', 'lock'] })

export const contact = () => trait('contact', { says: ['state'], states: ['contact'] })

export const tamper = () => trait('tamper', { says: ['state'], states: ['tamper'] })

/** The button or sensor on the inside: leaving is always allowed, the hub only learns that it was asked for. */
export const requestToExit = () => trait('request-to-exit', { says: ['state'], states: ['request'] })

export const motion = () =>
  trait('motion', { says: ['reading'], quantities: [{ name: 'occupancy', unit: '1', min: 0, max: 1 }] })

export const illuminance = () =>
  trait('illuminance', { says: ['reading'], quantities: [{ name: 'illuminance', unit: 'lx', min: 0, max: 200_000 }] })

export const dimmableLight = () =>
  trait('dimmable-light', { says: ['state'], states: ['on', 'brightness'], actions: ['set'] })

/** Sounds for `soundMs` on a command, and is silent by itself after it, whatever becomes of the hub. */
export const siren = () => trait('siren', { says: ['state'], states: ['sounding'], actions: ['sound'] })

export const battery = () => trait('battery', { says: ['state'], states: ['battery'] })

export const temperature = () =>
  trait('temperature', { says: ['reading'], quantities: [{ name: 'temperature', unit: '°C', min: -60, max: 150 }] })

export const humidity = () =>
  trait('humidity', { says: ['reading'], quantities: [{ name: 'humidity', unit: '%', min: 0, max: 100 }] })
