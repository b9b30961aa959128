/** What waits for a second operator. */
import type { ApprovalState, DangerousAct } from '../contract.ts'

export interface ApprovalWords
  extends Record<
    | 'title'
    | 'sub'
    | 'pending'
    | 'decided'
    | 'what'
    | 'asker'
    | 'asked'
    | 'until'
    | 'state'
    | 'decidedBy'
    | 'reason'
    | 'failed'
    | 'gone'
    | 'emptyPending'
    | 'emptyDecided'
    | 'emptyNext'
    | 'older'
    | 'before'
    | 'after'
    | 'name'
    | 'class'
    | 'failureMode'
    | 'withdrawn'
    | 'effect'
    | 'approve'
    | 'approving'
    | 'approveHint'
    | 'refuse'
    | 'refuseMeans'
    | 'withdraw'
    | 'withdrawMeans'
    | 'own'
    | 'someone'
    | 'erased',
    string
  > {
  readonly states: Readonly<Record<ApprovalState, string>>
  readonly presets: readonly string[]
  /** `Supprimer la zone Annexe` */
  readonly acts: Readonly<Record<DangerousAct, (name: string) => string>>
  /** What approving does, in a sentence. */
  readonly means: Readonly<Record<DangerousAct, string>>
  /** Why what was approved was not done, by code. */
  readonly causes: Readonly<Record<string, string>>
  cause(code: string): string
  refuseTitle(what: string): string
  withdrawTitle(what: string): string
}

const N = '\u202f'
const fr: ApprovalWords = {
  title: 'Approbations',
  sub: 'Ces actions attendent une seconde personne, pendant 24\u00a0heures. Personne n’approuve sa propre demande.',
  pending: 'En attente',
  decided: 'Décidées',
  what: 'Demande',
  asker: 'Demandé par',
  asked: 'Demandé le',
  until: 'Expire',
  state: 'État',
  decidedBy: 'Décidé par',
  reason: 'Motif',
  failed: 'Les demandes n’ont pas pu être lues.',
  gone: 'Cette demande n’existe pas, ou ne vous concerne pas.',
  emptyPending: 'Rien n’attend votre approbation.',
  emptyDecided: 'Rien n’a encore été décidé.',
  emptyNext: 'Une zone à supprimer, un autre mode de défaillance, une personne à effacer apparaîtront ici.',
  older: 'Plus anciennes',
  before: 'Aujourd’hui',
  after: 'Après approbation',
  name: 'Nom',
  class: 'Classe',
  failureMode: 'En cas de panne',
  withdrawn: 'Supprimée',
  effect: 'Ce que cela fait',
  approve: 'Approuver et exécuter',
  approving: 'Exécution…',
  approveHint: 'Une preuve fraîche de votre identité sera demandée. Votre nom restera au journal.',
  refuse: 'Refuser…',
  refuseMeans: 'La demande s’arrête là. Rien n’est changé, et son auteur en lit le motif.',
  withdraw: 'Retirer…',
  withdrawMeans: 'La demande s’arrête là. Rien n’est changé. Vous pourrez la refaire.',
  own: 'C’est votre demande. Une autre personne avec les mêmes droits doit l’approuver.',
  someone: 'une personne',
  erased: 'Elle est aussi retirée du site, avec ses badges.',
  states: {
    pending: 'En attente',
    approved: 'En cours',
    done: 'Exécutée',
    failed: 'Non exécutée',
    refused: 'Refusée',
    withdrawn: 'Retirée',
    expired: 'Expirée',
  },
  presets: ['Pas justifié', 'À discuter d’abord', 'Mauvaise cible'],
  acts: {
    'zone-removed': name => `Supprimer la zone ${name}`,
    'failure-mode-changed': name => `Changer le mode de défaillance de ${name}`,
    'person-erased': name => `Effacer ${name}`,
  },
  means: {
    'zone-removed': 'La zone disparaît du plan, des droits et des consignes qui la nomment.',
    'failure-mode-changed': 'Ce point se comportera autrement quand le journal ne peut pas être écrit.',
    'person-erased': 'Tout ce que rien n’oblige à garder sur cette personne est effacé. Cela ne se défait pas.',
  },
  causes: {
    'edit-conflict': 'L’élément a été modifié entre la demande et l’approbation.',
    'item-unknown': 'L’élément n’existe plus.',
    'item-invalid': 'Le site a changé entre-temps, et ceci ne va plus avec le reste.',
    'person-unknown': 'Cette personne n’est plus dans le site.',
    'erasure-review': 'Un bris de glace de cette personne attend encore une relecture.',
    interrupted: 'Le hub s’est arrêté pendant l’opération. Vérifiez ce qu’il en est.',
  },
  cause: code => `Rien n’a été fait (${code}).`,
  refuseTitle: what => `Refuser «${N}${what}${N}»${N}?`,
  withdrawTitle: what => `Retirer «${N}${what}${N}»${N}?`,
}
const en: ApprovalWords = {
  title: 'Approvals',
  sub: 'These acts wait for a second person, for 24 hours. Nobody approves what they asked for themselves.',
  pending: 'Waiting',
  decided: 'Decided',
  what: 'Request',
  asker: 'Asked by',
  asked: 'Asked on',
  until: 'Expires',
  state: 'State',
  decidedBy: 'Decided by',
  reason: 'Reason',
  failed: 'The requests could not be read.',
  gone: 'There is no such request, or it does not concern you.',
  emptyPending: 'Nothing waits for your approval.',
  emptyDecided: 'Nothing has been decided yet.',
  emptyNext: 'A zone to be removed, another failure mode, a person to be erased will appear here.',
  older: 'Older ones',
  before: 'Today',
  after: 'Once approved',
  name: 'Name',
  class: 'Class',
  failureMode: 'When it fails',
  withdrawn: 'Removed',
  effect: 'What it does',
  approve: 'Approve and do it',
  approving: 'Doing it…',
  approveHint: 'A fresh proof of who you are will be asked for. Your name stays in the journal.',
  refuse: 'Refuse…',
  refuseMeans: 'The request ends here. Nothing changes, and whoever asked reads why.',
  withdraw: 'Withdraw…',
  withdrawMeans: 'The request ends here. Nothing changes. You may ask again.',
  own: 'This is your request. Somebody else with the same rights has to approve it.',
  someone: 'a person',
  erased: 'They are taken off the site too, with their badges.',
  states: {
    pending: 'Waiting',
    approved: 'Under way',
    done: 'Done',
    failed: 'Not done',
    refused: 'Refused',
    withdrawn: 'Withdrawn',
    expired: 'Expired',
  },
  presets: ['Not justified', 'To be discussed first', 'Wrong target'],
  acts: {
    'zone-removed': name => `Remove zone ${name}`,
    'failure-mode-changed': name => `Change the failure mode of ${name}`,
    'person-erased': name => `Erase ${name}`,
  },
  means: {
    'zone-removed': 'The zone disappears from the plan, from rights and from plans that name it.',
    'failure-mode-changed': 'This point will behave differently when the journal cannot be written.',
    'person-erased': 'Everything on this person that nothing obliges to keep is erased. It cannot be undone.',
  },
  causes: {
    'edit-conflict': 'The item was changed between the request and its approval.',
    'item-unknown': 'The item is no longer there.',
    'item-invalid': 'The site has changed meanwhile, and this no longer fits the rest.',
    'person-unknown': 'This person is no longer in the site.',
    'erasure-review': 'An emergency opening of this person still waits for its review.',
    interrupted: 'The hub stopped while it was being done. Look at how things stand.',
  },
  cause: code => `Nothing was done (${code}).`,
  refuseTitle: what => `Refuse “${what}”?`,
  withdrawTitle: what => `Withdraw “${what}”?`,
}
export const approvalWords = { fr, en } as const
