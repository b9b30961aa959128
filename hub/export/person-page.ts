/** Words and looks of the file that a person gets of what is held on them. */
import type { Said } from '../errors.ts'

/** @returns text that stands for itself in HTML, in an attribute too */
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, c => `&#${c.charCodeAt(0)};`).replace(/\p{Cc}/gu, '\uFFFD')

/** French, and English below it; once where both say the same. */
export const two = ({ fr, en }: Said): string =>
  fr === en ? escaped(fr) : `<span lang="fr">${escaped(fr)}</span><span lang="en">${escaped(en)}</span>`

export const STYLE = `
@page{size:A4 landscape;margin:14mm}
*{box-sizing:border-box}
body{font:15px/1.45 system-ui,"DejaVu Sans",sans-serif;color:#16202b;max-width:1180px;margin:0 auto;padding:24px}
header{border-bottom:3px solid #16202b;margin-bottom:18px}
h1{font-size:26px;margin:4px 0}h2{font-size:19px;margin:34px 0 8px;border-bottom:1px solid #9aa7b4;padding-bottom:4px}h3{font-size:15px;margin:18px 0 4px}
.site,.made{color:#55636f;margin:0}.name{font-size:22px;font-weight:600;margin:6px 0}
span[lang]{display:block}.state span[lang]{display:inline}.state span[lang=en]::before{content:" · "}span[lang=en]{color:#55636f;font-size:.88em}
h1 span[lang=en]{font-size:.7em;font-weight:400}
.label span[lang]{display:inline}.label span[lang=en]::before{content:" · "}.label{font-weight:600;margin-right:4px}.label span[lang=en]{font-weight:400}
dl{display:grid;grid-template-columns:minmax(190px,1fr) 4fr;gap:6px 18px;margin:0}dt{font-weight:600}dd{margin:0}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:6px 10px 6px 0;border-bottom:1px solid #dde3e9;overflow-wrap:break-word}
th{font-size:.88em}thead{display:table-header-group}tr{break-inside:avoid}
.terms td:nth-child(2){min-width:120px}.terms td:first-child{min-width:150px}.rows td:first-child{white-space:nowrap}.rows td:nth-child(4){width:34%}.rows td:nth-child(5){width:20%}
small{display:block;color:#55636f;font-size:.82em}code{font-family:"DejaVu Sans Mono",monospace}
ul{margin:0;padding-left:20px}li{margin:3px 0}
@media print{body{padding:0;font-size:11px}}
`

const N = '\u202f'
export const T = {
  title: { fr: 'Données détenues sur une personne', en: 'Data held on a person' },
  intro: {
    fr: `Ce document répond à une demande d’accès (RGPD, article 15). Il contient tout ce que le système de contrôle d’accès détient sur vous, et rien qui nomme quelqu’un d’autre.`,
    en: 'This document answers a request for access (GDPR, article 15). It holds everything that the access-control system has on you, and nothing that names anybody else.',
  },
  identity: { fr: 'Qui vous êtes dans le système', en: 'Who you are in the system' },
  name: { fr: 'Nom', en: 'Name' },
  id: { fr: 'Identifiant', en: 'Identifier' },
  pseudonym: { fr: 'Pseudonyme dans le journal', en: 'Pseudonym in the journal' },
  state: { fr: 'État', en: 'State' },
  present: { fr: 'fait partie du site', en: 'is of the site' },
  withdrawn: { fr: 'retiré du site', en: 'withdrawn from the site' },
  badges: { fr: 'Badges', en: 'Badges' },
  pin: { fr: 'Code PIN', en: 'PIN' },
  pinSet: {
    fr: 'enregistré sous forme d’empreinte, illisible même pour nous',
    en: 'on record as a hash, which nobody can read, not even we',
  },
  account: { fr: 'Compte d’opérateur', en: 'Operator account' },
  directory: { fr: 'Ce que l’annuaire a envoyé', en: 'What the directory has sent' },
  now: { fr: 'En cours', en: 'Going on' },
  none: { fr: 'aucun', en: 'none' },
  versions: { fr: 'Ce que le fichier du site a dit de vous', en: 'What the site file has said of you' },
  from: { fr: 'Du', en: 'From' },
  until: { fr: 'Au', en: 'Until' },
  role: { fr: 'Rôles', en: 'Roles' },
  roles: { fr: 'Vos rôles et ce qu’ils permettent', en: 'Your roles and what they allow' },
  grants: { fr: 'Accès temporaires', en: 'Temporary access' },
  filed: { fr: 'Arrivées, départs et visites', en: 'Arrivals, departures and visits' },
  filedIntro: {
    fr: 'Ce qui a été déclaré de vous. Noms et remarques sont effacés 90\u00a0jours après la fin.',
    en: 'What was filed about you. Names and remarks are erased 90\u00a0days after the end.',
  },
  revoked: { fr: 'retiré', en: 'withdrawn' },
  origin: { fr: 'Origine', en: 'Origin' },
  terms: { fr: 'Pourquoi, et pour combien de temps', en: 'Why, and for how long' },
  purpose: { fr: 'Finalité', en: 'Purpose' },
  term: { fr: 'Durée', en: 'Term' },
  basis: { fr: 'Base légale', en: 'Legal basis' },
  required: { fr: 'exigée par la loi', en: 'asked for by law' },
  recipients: { fr: 'Où vont ces données', en: 'Where these data go' },
  rows: { fr: 'Le journal à votre sujet', en: 'The journal about you' },
  rowsIntro: {
    fr: 'Chaque ligne qui vous nomme, de la plus ancienne à la plus récente. D’autres personnes y apparaissent comme «\u00a0une autre personne\u00a0».',
    en: 'Every row that names you, oldest first. Others appear as “another person”.',
  },
  when: { fr: 'Quand', en: 'When' },
  what: { fr: 'Quoi', en: 'What' },
  where: { fr: 'Où', en: 'Where' },
  details: { fr: 'Détails', en: 'Details' },
  keptFor: { fr: 'Conservé pour, jusqu’au', en: 'Kept for, until' },
  exports: { fr: 'Exports qui ont pu vous contenir', en: 'Exports that may have contained you' },
  exportsIntro: {
    fr: `Leur contenu n’est pas conservé${N}; voici ceux dont la période et le filtre n’excluent pas vos lignes.`,
    en: 'What they held is not kept; these are those whose span and filter do not exclude your rows.',
  },
  noExports: { fr: 'Aucun n’est connu.', en: 'None is known.' },
  withNames: { fr: 'avec les noms', en: 'with names' },
  withoutNames: { fr: 'sans les noms', en: 'without names' },
  rights: { fr: 'Vos droits', en: 'Your rights' },
  rightsText: {
    fr: `Vous pouvez demander la rectification de ce qui est faux, l’effacement de ce qu’aucune loi n’oblige à conserver, la limitation du traitement, et vous opposer à ce qui repose sur l’intérêt légitime. Adressez-vous au délégué à la protection des données de l’établissement${N}; vous pouvez saisir la CNIL (cnil.fr).`,
    en: 'You may ask that what is wrong be corrected, that what no law asks to keep be erased, that processing be restricted, and object to what rests on legitimate interest. Turn to the data protection officer of the institution; you may complain to the supervisory authority, in France the CNIL (cnil.fr).',
  },
} as const satisfies Readonly<Record<string, Said>>

export const BADGE_STATES: Readonly<Record<string, Said>> = {
  active: { fr: 'actif', en: 'active' },
  suspended: { fr: 'suspendu', en: 'suspended' },
  lost: { fr: 'déclaré perdu', en: 'reported lost' },
  revoked: { fr: 'révoqué', en: 'revoked' },
}

/** Fields of a row that people read, in this order. */
export const FACTS: readonly { readonly field: string; readonly words: Said; readonly isTime?: true }[] = [
  { field: 'reason', words: { fr: 'Motif', en: 'Reason' } },
  { field: 'statedReason', words: { fr: 'Raison donnée', en: 'Reason given' } },
  { field: 'reference', words: { fr: 'Référence', en: 'Reference' } },
  { field: 'via', words: { fr: 'Ouvert par', en: 'Opened by' } },
  { field: 'origin', words: { fr: 'Origine', en: 'Origin' } },
  { field: 'from', words: { fr: 'Du', en: 'From' }, isTime: true },
  { field: 'until', words: { fr: 'Jusqu’au', en: 'Until' }, isTime: true },
  { field: 'lockedUntil', words: { fr: 'Bloqué jusqu’au', en: 'Locked until' }, isTime: true },
  { field: 'dueAt', words: { fr: 'À relire avant le', en: 'To be reviewed by' }, isTime: true },
  { field: 'wrong', words: { fr: 'Codes faux', en: 'Wrong PINs' } },
  { field: 'finding', words: { fr: 'Conclusion', en: 'Finding' } },
  { field: 'comment', words: { fr: 'Commentaire', en: 'Comment' } },
  { field: 'area', words: { fr: 'Zone', en: 'Zone' } },
  { field: 'plan', words: { fr: 'Plan', en: 'Plan' } },
  { field: 'filter', words: { fr: 'Recherche', en: 'Search' } },
  { field: 'why', words: { fr: 'Cause', en: 'Cause' } },
  { field: 'device', words: { fr: 'Appareil', en: 'Device' } },
]
