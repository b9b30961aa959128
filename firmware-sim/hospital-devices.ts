/** What hangs, stands and blinks in the field hospital: forty devices and the points people badge at. */
import { at } from './hospital-plan.ts'

export type PointClass = 'controlled-drugs' | 'medicines' | 'it-equipment' | 'door' | 'escape-door' | 'crash-cart'
export type ModelId = 'medicine-cabinet' | 'door' | 'pir' | 'light-sensor' | 'light'

/** One thing as installed. `points` are those wired up, in the model's own names. */
export interface Installed {
  readonly id: string
  readonly model: ModelId
  readonly name: string
  readonly zone: string
  readonly plan: { readonly x: number; readonly y: number }
  readonly points: readonly {
    readonly point: string
    readonly name: string
    readonly class?: PointClass
    readonly unlockMs?: number
  }[]
}

type Spot = [x: number, y: number]

/** A cabinet with numbered drawers; the last one holds controlled drugs where `safe` says so. */
function cabinet(id: string, label: string, zone: string, drawers: number, safe: boolean, spot: Spot): Installed {
  const drawer = (n: number) => ({
    point: `drawer-${n}`,
    name: `${label}, tiroir ${n}`,
    class: safe && n === drawers ? ('controlled-drugs' as const) : ('medicines' as const),
  })
  const whole = { point: 'cabinet', name: label, class: 'medicines' as const }
  return {
    id,
    model: 'medicine-cabinet',
    name: label,
    zone,
    plan: at(...spot),
    points: [whole, ...Array.from({ length: drawers }, (_, i) => drawer(i + 1))],
  }
}
const cart = (id: string, name: string, zone: string, spot: Spot): Installed => ({
  id,
  model: 'medicine-cabinet',
  name,
  zone,
  plan: at(...spot),
  points: [{ point: 'cabinet', name, class: 'crash-cart', unlockMs: 10_000 }],
})
const door = (id: string, name: string, zone: string, kind: PointClass, spot: Spot, unlockMs?: number): Installed => ({
  id,
  model: 'door',
  name,
  zone,
  plan: at(...spot),
  points: [{ point: 'door', name, class: kind, ...(unlockMs === undefined ? {} : { unlockMs }) }],
})
/** A man-trap's other door waits until this one has locked again. */
const MAN_TRAP_UNLOCK_MS = 2_000
const plain =
  (model: ModelId, point: string) =>
  (id: string, name: string, zone: string, spot: Spot): Installed => ({
    id,
    model,
    name,
    zone,
    plan: at(...spot),
    points: [{ point, name }],
  })
const pir = plain('pir', 'pir')
const lux = plain('light-sensor', 'lux')
const lamp = plain('light', 'lamp')

export const INSTALLED: readonly Installed[] = [
  cabinet('cab-02-a', 'Armoire 02-A', 't02', 4, false, [250, 170]),
  cabinet('cab-04-a', 'Armoire 04-A', 't04', 6, true, [499, 170]),
  cabinet('cab-07-a', 'Armoire 07-A', 't07', 4, false, [534, 324]),
  cabinet('cab-08-a', 'Armoire 08-A', 't08', 6, true, [692, 324]),
  cabinet('cab-08-b', 'Armoire 08-B', 't08', 4, false, [712, 324]),
  cabinet('cab-09-a', 'Armoire 09-A', 't09', 4, false, [138, 628]),
  cabinet('cab-10-a', 'Armoire 10-A', 't10', 5, true, [278, 628]),
  cabinet('cab-11-a', 'Armoire 11-A', 't11', 4, false, [442, 628]),
  cabinet('cab-15-a', 'Armoire 15-A, stupéfiants', 't15', 3, true, [320, 454]),
  cart('cart-04', 'Chariot d’urgence 04', 't04', [530, 170]),
  door('gate-west', 'Portail ouest', 'entree', 'door', [20, 346]),
  door('door-t05', 'Bloc 1, porte', 't05', 'door', [676, 186]),
  door('door-t06', 'Bloc 2, porte', 't06', 'door', [798, 186]),
  door('door-t08', 'Réanimation, porte 1', 't08', 'door', [798, 222]),
  door('door-t08-exit', 'Réanimation, issue de secours', 't08', 'escape-door', [820, 281]),
  door('door-t12', 'Maternité, porte', 't12', 'door', [798, 470]),
  door('door-t15-front', 'Pharmacie, porte avant', 't15', 'door', [398, 470], MAN_TRAP_UNLOCK_MS),
  door('door-t15-rear', 'Pharmacie, porte arrière', 't15', 'door', [333, 352], MAN_TRAP_UNLOCK_MS),
  door('door-t18', 'Informatique, porte', 't18', 'it-equipment', [174, 470]),
  door('door-t20', 'Réserve, porte', 't20', 'door', [612, 506]),
  pir('pir-t01', 'Mouvement, accueil', 't01', [78, 170]),
  pir('pir-t04', 'Mouvement, déchocage', 't04', [458, 170]),
  pir('pir-t08', 'Mouvement, réanimation', 't08', [632, 324]),
  pir('pir-t09', 'Mouvement, soins A', 't09', [78, 628]),
  pir('pir-t10', 'Mouvement, soins B', 't10', [218, 628]),
  pir('pir-t15', 'Mouvement, pharmacie', 't15', [222, 454]),
  pir('pir-t18', 'Mouvement, informatique', 't18', [78, 454]),
  pir('pir-t20', 'Mouvement, réserve', 't20', [522, 628]),
  pir('pir-north', 'Mouvement, galerie nord', 'galerie-nord', [300, 204]),
  lux('lux-t08', 'Lumière, réanimation', 't08', [651, 324]),
  lux('lux-t10', 'Lumière, soins B', 't10', [237, 628]),
  lux('lux-t15', 'Lumière, pharmacie', 't15', [260, 454]),
  lux('lux-t21', 'Lumière, énergie', 't21', [660, 610]),
  lamp('lamp-t04', 'Éclairage, déchocage', 't04', [477, 170]),
  lamp('lamp-t07', 'Éclairage, réveil', 't07', [512, 324]),
  lamp('lamp-t08', 'Éclairage, réanimation', 't08', [670, 324]),
  lamp('lamp-t10', 'Éclairage, soins B', 't10', [256, 628]),
  lamp('lamp-t15', 'Éclairage, pharmacie', 't15', [279, 454]),
  lamp('lamp-north', 'Éclairage, galerie nord', 'galerie-nord', [560, 204]),
  lamp('lamp-south', 'Éclairage, galerie sud', 'galerie-sud', [300, 488]),
]

/** The first `count` devices, taken model by model in turn, so that a small hospital still has one of each. */
export function someDevices(count: number): readonly Installed[] {
  const rank = new Map<ModelId, number>()
  const ranked = INSTALLED.map(device => {
    const n = rank.get(device.model) ?? 0
    rank.set(device.model, n + 1)
    return { device, n }
  })
  return ranked
    .sort((a, b) => a.n - b.n)
    .slice(0, count)
    .map(r => r.device)
}
