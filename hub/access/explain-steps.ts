/** The words of each step of a decision that sums something up: what it found, or why it stopped there. */
import type { Said } from '../errors.ts'
import type { Case, StepCode, StepFinding } from './case.ts'
import { inForce, runningAt, usesWithin24h } from './emergency.ts'
import { de, lockdownNamed } from './french-words.ts'
import type { Validity } from './instant.ts'
import type { Labels } from './labels.ts'

/** French typography: a narrow no-break space before : ; ! ?, a no-break space between a number and its unit. */
const N = '\u202f'
const U = '\u00a0'

export const STEPS: Readonly<Record<StepCode, (f: StepFinding, labels: Labels) => Said>> = {
  'badge-status': f => STATUS[f.case.badge.status],
  'badge-validity': (f, labels) => validityWords(f, f.case.badge.validity, BADGE, labels),
  'person-validity': (f, labels) =>
    validityWords(f, f.case.badge.holder.validity, contractOf(labels.person(f.case.badge.holder.person)), labels),
  'deny-rules': f =>
    f.refusal
      ? {
          fr: 'Une interdiction l’emporte sur tout droit, tout accès temporaire et tout bris de glace.',
          en: 'What is forbidden stays shut, whatever rights, grants or break-glass say.',
        }
      : { fr: 'Aucune interdiction n’est en vigueur.', en: 'No rule forbids it now.' },
  pin: pinWords,
  'break-glass': breakGlassWords,
  lockdown: lockdownWords,
  rights: rightsWords,
  passback: passbackWords,
  occupancy: occupancyWords,
  interlock: interlockWords,
}

const STATUS: Readonly<Record<Case['badge']['status'], Said>> = {
  active: { fr: 'Le badge est actif.', en: 'The badge is active.' },
  suspended: { fr: 'Le badge est suspendu.', en: 'The badge is suspended.' },
  lost: { fr: 'Le badge est déclaré perdu.', en: 'The badge is reported lost.' },
  revoked: { fr: 'Le badge est révoqué.', en: 'The badge is revoked.' },
}

interface Limited {
  readonly fr: string
  readonly en: string
}
const BADGE: Limited = { fr: 'Le badge', en: 'The badge' }
const contractOf = (person: string): Limited => ({ fr: `Le contrat ${de(person)}`, en: `The contract of ${person}` })

function validityWords(f: StepFinding, { from, until }: Validity, what: Limited, labels: Labels): Said {
  const [begin, end] = [labels.time(from), labels.time(until)]
  if (f.refusal?.reason.endsWith('not-yet-valid'))
    return {
      fr: `${what.fr} n’est valable qu’à partir du ${begin.fr}.`,
      en: `${what.en} is valid only from ${begin.en}.`,
    }
  if (f.refusal)
    return { fr: `${what.fr} n’est plus valable depuis le ${end.fr}.`, en: `${what.en} ended on ${end.en}.` }
  if (until === Number.POSITIVE_INFINITY)
    return { fr: `${what.fr} est valable, sans date de fin.`, en: `${what.en} is valid, without an end date.` }
  return { fr: `${what.fr} est valable jusqu’au ${end.fr}.`, en: `${what.en} is valid until ${end.en}.` }
}

const holder = (c: Case, labels: Labels): string => labels.person(c.badge.holder.person)
const seconds = (ms: number): number => Math.ceil(ms / 1_000)

/** A PIN entered under duress is right, here too: whoever reads this may stand beside the one who entered it. */
function pinWords({ case: c, refusal }: StepFinding, labels: Labels): Said {
  const name = holder(c, labels)
  switch (refusal?.reason) {
    case undefined:
      return { fr: 'Le code PIN est juste.', en: 'The PIN is right.' }
    case 'pin-locked': {
      const wait = seconds(refusal?.waitMs ?? 0)
      return Number.isFinite(wait)
        ? {
            fr: `Trop de codes PIN faux${N}: aucun code n’est accepté pendant encore ${wait}${U}s.`,
            en: `Too many wrong PINs: none is accepted for another ${wait} s.`,
          }
        : {
            fr: `Trop de codes PIN faux${N}: aucun code n’est accepté à ce moment.`,
            en: 'Too many wrong PINs: none is accepted at that time.',
          }
    }
    case 'pin-unset':
      return { fr: `${name} n’a pas de code PIN enregistré.`, en: `${name} has no PIN on record.` }
    default:
      return { fr: 'Le code PIN est faux.', en: 'The PIN is wrong.' }
  }
}

function breakGlassWords({ case: c, refusal, via }: StepFinding, labels: Labels): Said {
  if (refusal) return noBreakGlass(c, refusal.reason, labels)
  const past = {
    fr: 'Droits, horaires, conditions et confinement ne comptent pas.',
    en: 'Rights, hours, conditions and lockdown do not count.',
  }
  if (via?.kind === 'break-glass' && via.begins) {
    const [use, cap] = [usesWithin24h(c) + 1, c.snapshot.policy.breakGlassPerDay]
    return {
      fr: `Bris de glace avec motif, le ${use}${use === 1 ? 'er' : 'e'} sur ${cap} en 24${U}h. ${past.fr}`,
      en: `Break-glass with a reason, number ${use} of ${cap} in 24 h. ${past.en}`,
    }
  }
  const until = labels.clock(runningAt(c)?.until ?? c.at)
  return {
    fr: `Un bris de glace est en cours ici jusqu’à ${until}. ${past.fr}`,
    en: `A break-glass is under way here until ${until}. ${past.en}`,
  }
}

function noBreakGlass(c: Case, reason: string, labels: Labels): Said {
  const name = holder(c, labels)
  if (reason === 'reason-required')
    return {
      fr: 'Le bris de glace demande un motif, et aucun n’est donné.',
      en: 'Break-glass needs a reason, and none is given.',
    }
  if (reason === 'break-glass-cap') {
    const uses = usesWithin24h(c)
    return {
      fr: `${name} a déjà brisé la glace ${uses}${U}fois en 24${U}h${N}: c’est la limite.`,
      en: `${name} has broken the glass ${uses} times in 24 h: that is the limit.`,
    }
  }
  return {
    fr: `Aucun rôle ${de(name)} ne permet le bris de glace ici.`,
    en: `No role of ${name} allows break-glass here.`,
  }
}

function lockdownWords({ case: c, refusal }: StepFinding, labels: Labels): Said {
  const plans = c.point.lockdownPlans.filter(p => inForce(c, p))
  const stopped = plans.find(p => p.plan === refusal?.because)
  if (stopped) {
    const [plan, until] = [lockdownNamed(labels.plan(stopped.plan)), endOf(c, stopped.plan, labels)]
    const { lockdownRank } = c.profile
    const name = holder(c, labels)
    return {
      fr: `${plan.fr} (rang ${stopped.rank})${until.fr}${N}: le rang ${de(name)} est ${lockdownRank}, et aucun de ses rôles n’est exempté.`,
      en: `${plan.en} (rank ${stopped.rank})${until.en}: the rank of ${name} is ${lockdownRank}, and none of their roles is exempt.`,
    }
  }
  if (plans.length === 0) return { fr: 'Aucun confinement n’est en cours ici.', en: 'No lockdown is in force here.' }
  const by = plans.map(p => {
    const role = c.profile.lockdownRank >= p.rank ? undefined : [...c.profile.roles].find(r => p.allow.has(r))
    const plan = labels.plan(p.plan)
    return {
      fr: role === undefined ? `${plan} (rang ${p.rank})` : `${plan} (rôle ${labels.role(role)} exempté)`,
      en: role === undefined ? `${plan} (rank ${p.rank})` : `${plan} (role ${labels.role(role)} exempt)`,
    }
  })
  return {
    fr: `${lockdownNamed(by.map(b => b.fr).join(', ')).fr}${N}: ${holder(c, labels)} passe.`,
    en: `${lockdownNamed(by.map(b => b.en).join(', ')).en}: ${holder(c, labels)} passes.`,
  }
}

/** Nothing where it is not known (ask-standin.ts). */
function endOf(c: Case, plan: string, labels: Labels): Said {
  const { until } = c.situations.lockdown.get(plan)!
  if (!Number.isFinite(until)) return { fr: '', en: '' }
  return { fr: ` jusqu’à ${labels.clock(until)}`, en: ` until ${labels.clock(until)}` }
}

function rightsWords({ case: c, refusal, via }: StepFinding, labels: Labels): Said {
  const name = holder(c, labels)
  if (via?.kind === 'rule')
    return {
      fr: `Le rôle ${labels.role(via.role)} suffit pour ouvrir.`,
      en: `Role ${labels.role(via.role)} is enough to open.`,
    }
  if (via) return { fr: 'L’accès temporaire suffit pour ouvrir.', en: 'The temporary grant is enough to open.' }
  switch (refusal?.reason) {
    case 'no-right':
      return {
        fr: `Aucun droit ni accès temporaire ${de(name)} ne concerne ce lieu.`,
        en: `No right and no grant of ${name} is about this place.`,
      }
    case 'outside-hours':
      return { fr: 'Aucun de ces droits n’ouvre à cette heure.', en: 'None of these rights opens at this time.' }
    case 'grant-not-yet':
      return { fr: 'L’accès temporaire n’a pas encore commencé.', en: 'The temporary grant has not begun yet.' }
    case 'grant-expired':
      return { fr: 'L’accès temporaire est terminé.', en: 'The temporary grant is over.' }
    case 'witness-awaited': {
      const wait = seconds(refusal?.waitMs ?? 0)
      return {
        fr: `Il ne manque que la deuxième personne${N}: son badge est attendu ici pendant ${wait}${U}s.`,
        en: `Only the second person is missing: their badge is awaited here for ${wait} s.`,
      }
    }
    default:
      return {
        fr: 'Un droit ouvre à cette heure, mais il demande encore quelque chose.',
        en: 'A right opens at this time, but asks for something more.',
      }
  }
}

function passbackWords({ case: c, refusal }: StepFinding, labels: Labels): Said {
  if (!refusal)
    return { fr: 'L’anti-retour ne s’oppose pas à l’entrée.', en: 'Anti-passback does not stand in the way.' }
  const since = c.situations.position.get(c.badge.holder.person)?.since ?? c.at
  const [name, zone, time] = [holder(c, labels), labels.zone(refusal.because ?? c.point.zone), labels.time(since)]
  if (since === Number.POSITIVE_INFINITY)
    return { fr: `${name} est déjà dans ${zone}.`, en: `${name} is already inside ${zone}.` }
  return {
    fr: `${name} est déjà dans ${zone}, entrée comptée le ${time.fr}.`,
    en: `${name} is already inside ${zone}, since ${time.en}.`,
  }
}

function occupancyWords({ case: c, refusal }: StepFinding, labels: Labels): Said {
  if (!refusal) return { fr: 'Il reste de la place.', en: 'There is room for one more.' }
  const limit = c.point.passage?.enters.find(a => a.zone === refusal.because)?.occupancyLimit ?? 0
  const zone = labels.zone(refusal.because ?? c.point.zone)
  return {
    fr: `${zone} est au complet${N}: ${limit}${U}personnes au plus.`,
    en: `${zone} is full: ${limit} people at most.`,
  }
}

function interlockWords({ case: c, refusal }: StepFinding, labels: Labels): Said {
  if (!refusal) return { fr: 'Les autres portes du sas sont fermées.', en: 'The other doors of the man-trap are shut.' }
  const door = labels.accessPoint(refusal.because ?? c.point.accessPoint)
  const row = c.situations.door.get(refusal.because ?? c.point.accessPoint)
  const state = row?.open ? OPEN : row?.releasedUntil === Number.POSITIVE_INFINITY ? NOT_SHUT : RELEASED
  return {
    fr: `L’autre porte du sas, ${door}, est ${state.fr}.`,
    en: `The other door of the man-trap, ${door}, is ${state.en}.`,
  }
}
const OPEN: Said = { fr: 'ouverte', en: 'open' }
const RELEASED: Said = { fr: 'encore déverrouillée', en: 'still released' }
const NOT_SHUT: Said = { fr: 'ouverte ou encore déverrouillée', en: 'open or still released' }
