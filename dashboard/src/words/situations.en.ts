import type { ActName } from '../situations.ts'
import type { SituationWords } from './situations.types.ts'

const U = '\u00a0'
const plural = (n: number): string => (n === 1 ? '' : 's')

const QUESTIONS: Readonly<Record<ActName, string>> = {
  lockdown: 'Lock down',
  'end-lockdown': 'Lift the lockdown',
  evacuation: 'Evacuate',
  'resume-evacuation': 'Resume the release for',
  'end-evacuation': 'End the evacuation',
}
function openedDoors(n: number, names: string): string {
  if (n === 0) return 'This plan releases no access point.'
  return `${n}${U}access point${plural(n)} ${n === 1 ? 'is' : 'are'} released for as long as it lasts: ${names}.`
}

export const situations: SituationWords = {
  menu: 'Situations',
  label: 'What is going on',
  lockdown: 'Lockdown',
  evacuation: 'Evacuation',
  breakGlass: 'Break-glass',
  awaited: 'Witness awaited',
  releasing: 'exits released',
  paused: 'release paused',
  reverted: 'ended by itself',
  running: 'running',
  noPlans: 'No plan in the site file.',
  cancel: 'Cancel',
  escape: 'Esc: cancel',
  sending: 'Sending…',
  list: 'List',
  review: 'Review',
  reviews: 'Break-glass to review',
  noReviews: 'No break-glass to review.',
  stated: 'Reason given:',
  overdue: 'overdue',
  own: 'This is your own break-glass. Another person has to review it.',
  readOnly: 'A ward manager, a security guard or an administrator closes this review.',
  needsPerson: login =>
    `Your account is linked to nobody of the site: this might be your own break-glass. Ask another administrator to link it, or whoever runs the hub: vigie operator link ${login} <person>`,
  finding: 'Finding',
  findingNeeded: 'Choose a finding.',
  comment: 'Comment',
  commentHint: 'Never a patient’s name.',
  close: 'Close the review',
  muster: 'Muster',
  insideTitle: 'Inside',
  safeTitle: 'Safe',
  unknownTitle: 'On duty, seen nowhere',
  nobodyInside: 'Nobody known to be inside.',
  nobodySafe: 'Nobody is accounted for yet.',
  isSafe: 'Safe',
  reading: 'Reading…',
  unread: 'The list could not be read.',
  journaled: 'Every reading of this list is written in the journal.',
  over: 'This evacuation is over.',
  findings: { justified: 'Justified', 'not-justified': 'Not justified', 'training-needed': 'Training needed' },
  origins: {
    shift: 'shift',
    appointment: 'appointment',
    maintenance: 'maintenance',
    prescription: 'prescription',
    loan: 'loan',
  },
  via: { grant: 'temporary access', 'break-glass': 'break-glass' },
  why: { expired: 'time over', 'badge-lost': 'badge lost', withdrawn: 'right withdrawn' },
  acts: {
    lockdown: 'Lock down',
    'end-lockdown': 'Lift',
    evacuation: 'Evacuate',
    'resume-evacuation': 'Resume release',
    'end-evacuation': 'End',
  },
  question: (act, plan) => `${QUESTIONS[act]} “${plan}”?`,
  lockdownMeans: (zones, rank, roles, minutes) =>
    `${zones}: nothing opens any more, but for roles of rank ${rank} or above${roles > 0 ? ` and ${roles}${U}clinical role${plural(roles)}` : ''}. Released locks close, escape doors stay free, break-glass still works. Ends by itself after ${minutes}${U}min.`,
  evacuationMeans: (doors, names, zones) =>
    `${openedDoors(doors, names)} People seen in ${zones} have to be accounted for.`,
  resumeMeans: (doors, names) => openedDoors(doors, names),
  endLockdownMeans: 'Ordinary rights count again at once. Nothing opens by itself.',
  endEvacuationMeans: inside =>
    `Locks fall back by themselves within 30${U}s. The list of people safe is cleared, the journal keeps it.${inside > 0 ? ` ${inside}${U}${inside === 1 ? 'person is' : 'people are'} not accounted for yet.` : ''}`,
  listed: (names, more) =>
    more > 0
      ? `${names.join(', ')} and ${more}${U}more`
      : names.length > 1
        ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
        : (names[0] ?? '–'),
  by: name => `by ${name}`,
  application: name => `the application ${name}`,
  with: name => `with ${name}`,
  left: time => `${time} left`,
  since: at => `since ${at}`,
  going: (what, n) => {
    const words = {
      evacuation: `evacuation${plural(n)}`,
      lockdown: `lockdown${plural(n)}`,
      'break-glass': 'break-glass running',
    }
    return n === 0 ? '' : `${n}${U}${words[what]}`
  },
  inside: n => `${n} inside`,
  safe: n => `${n} safe`,
  released: (n, silent) => `${n}${U}lock${plural(n)}${silent > 0 ? `, ${silent}${U}silent` : ''}`,
  endedWith: n => `${n}${U}situation${plural(n)} ended`,
  positions: n => `${n}${U}${n === 1 ? 'person' : 'people'}`,
  waiting: (n, overdue) => `${n}${U}break-glass to review${overdue > 0 ? `, ${overdue} overdue` : ''}`,
  due: at => `review before ${at}`,
  markSafe: name => `Mark ${name} as safe`,
}
