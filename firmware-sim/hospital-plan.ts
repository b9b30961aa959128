/** The ground of the field hospital: tents, galleries and the fence, in metres from the north-west corner of the fence. */

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}
export interface Ground extends Rectangle {
  readonly id: string
  readonly name: string
  readonly parent: string
  readonly kind: 'tent' | 'corridor'
  readonly code?: string
}

export const ROOT = 'hopital'

/** Departments: zones without walls of their own, so that a right can be given for all tents of one. */
export const DEPARTMENTS = [
  { id: 'entree', name: 'Entrée et galeries' },
  { id: 'urgences', name: 'Urgences' },
  { id: 'bloc', name: 'Bloc opératoire' },
  { id: 'critiques', name: 'Soins critiques' },
  { id: 'hospitalisation', name: 'Hospitalisation' },
  { id: 'plateau', name: 'Plateau technique' },
  { id: 'services', name: 'Services' },
] as const

/** The surveyor drew five units to a metre, from a corner 20 units east and 14 south of his sheet. */
const UNITS_PER_METRE = 5
export const metres = (units: number): number => Math.round((units / UNITS_PER_METRE) * 10) / 10
export const at = (x: number, y: number): { x: number; y: number } => ({ x: metres(x - 20), y: metres(y - 14) })

const rectangle = (x: number, y: number, width: number, height: number): Rectangle => ({
  ...at(x, y),
  width: metres(width),
  height: metres(height),
})
const tent = (code: string, name: string, parent: string, ...box: [number, number, number, number]): Ground => ({
  id: code.toLowerCase(),
  name,
  parent,
  kind: 'tent',
  code,
  ...rectangle(...box),
})
const gallery = (id: string, name: string, ...box: [number, number, number, number]): Ground => ({
  id,
  name,
  parent: 'entree',
  kind: 'corridor',
  ...rectangle(...box),
})

export const FENCE: Rectangle = rectangle(20, 14, 840, 664)

export const GROUNDS: readonly Ground[] = [
  gallery('galerie-nord', 'Galerie nord', 40, 194, 796, 20),
  gallery('galerie-centrale', 'Galerie centrale', 428, 214, 20, 264),
  gallery('galerie-sud', 'Galerie sud', 40, 478, 796, 20),
  tent('T01', 'Accueil, tri', 'urgences', 60, 48, 104, 138),
  tent('T02', 'Urgences A', 'urgences', 172, 48, 126, 138),
  tent('T03', 'Urgences B', 'urgences', 306, 48, 126, 138),
  tent('T04', 'Déchocage', 'urgences', 440, 48, 136, 138),
  tent('T05', 'Bloc 1', 'bloc', 584, 48, 114, 138),
  tent('T06', 'Bloc 2', 'bloc', 706, 48, 114, 138),
  tent('T07', 'Réveil', 'critiques', 456, 222, 150, 118),
  tent('T08', 'Réanimation', 'critiques', 614, 222, 206, 118),
  tent('T09', 'Soins A', 'hospitalisation', 60, 506, 132, 138),
  tent('T10', 'Soins B', 'hospitalisation', 200, 506, 156, 138),
  tent('T11', 'Soins C', 'hospitalisation', 364, 506, 132, 138),
  tent('T12', 'Maternité', 'hospitalisation', 712, 352, 108, 118),
  tent('T13', 'Pédiatrie', 'hospitalisation', 594, 352, 110, 118),
  tent('T14', 'Isolement', 'hospitalisation', 456, 352, 130, 118),
  tent('T15', 'Pharmacie', 'plateau', 204, 352, 216, 118),
  tent('T16', 'Imagerie', 'plateau', 194, 222, 108, 118),
  tent('T17', 'Laboratoire', 'plateau', 310, 222, 110, 118),
  tent('T18', 'Informatique', 'services', 60, 352, 136, 118),
  tent('T19', 'Poste de garde', 'services', 60, 222, 126, 118),
  tent('T20', 'Réserve', 'services', 504, 506, 130, 138),
  tent('T21', 'Énergie', 'services', 642, 506, 84, 138),
  tent('T22', 'Repos', 'services', 734, 506, 86, 138),
]
