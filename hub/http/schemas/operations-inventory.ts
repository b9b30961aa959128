/** What routes of the inventory answer. */
import { InventoryShape } from './inventory.ts'
import type { Operations } from './operation.ts'

const errors = ['index-behind', 'index-unwritable', 'journal-unavailable'] as const

export const INVENTORY: Operations = {
  'GET /api/v1/inventory': {
    id: 'listInventory',
    tag: 'inventory',
    says: {
      en: 'Who holds which badges, accounts and grants, and what of it should not be. That it was read is journaled.',
      fr: 'Qui détient quels badges, comptes et accès, et ce qui ne devrait pas l’être. La lecture est journalisée.',
    },
    answers: { 200: InventoryShape },
    errors,
    example: { query: { flag: 'unused', unused: '90' } },
  },
  'GET /api/v1/inventory.csv': {
    id: 'downloadInventory',
    tag: 'inventory',
    says: { en: 'The same as a table, all of it.', fr: 'La même chose en tableau, en entier.' },
    answers: {
      200: {
        media: ['text/csv'],
        says: {
          en: 'RFC 4180, UTF-8 with a byte order mark',
          fr: 'RFC 4180, UTF-8 avec indicateur d’ordre des octets',
        },
      },
    },
    errors,
    example: { query: { flag: 'departed' } },
  },
}
