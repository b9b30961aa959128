/** What routes of acts that wait for a second operator answer. */
import { ApprovalListShape, ApprovalShape } from './approvals.ts'
import type { Operations } from './operation.ts'

const ONE = { params: { id: 'a-0123456789abcdef' } } as const
const DECIDED = ['approval-unknown', 'approval-decided', 'journal-unavailable', 'not-in-force'] as const

export const APPROVALS: Operations = {
  'GET /api/v1/approvals': {
    id: 'listApprovals',
    tag: 'approvals',
    says: {
      en: 'What waits for a second operator, or has been decided: what you may decide, and what you asked for.',
      fr: 'Ce qui attend une seconde personne, ou a été décidé : ce que vous pouvez décider et ce que vous avez demandé.',
    },
    answers: { 200: ApprovalListShape },
    example: { query: { state: 'pending' } },
  },
  'GET /api/v1/approvals/:id': {
    id: 'getApproval',
    tag: 'approvals',
    says: { en: 'One request, with what would change.', fr: 'Une demande, avec ce qui changerait.' },
    answers: { 200: ApprovalShape },
    errors: ['approval-unknown'],
    example: ONE,
  },
  'POST /api/v1/approvals/:id/approve': {
    id: 'approve',
    tag: 'approvals',
    says: {
      en: 'Approves it, and does it, as it was asked for. Never by who asked, never by a token. Refused with what stands in the way, nothing is done, and it has failed.',
      fr: 'L’approuve et l’exécute, telle que demandée. Jamais par son auteur, jamais par un jeton. Si quelque chose s’y oppose, rien n’est fait, et la demande a échoué.',
    },
    answers: { 200: ApprovalShape },
    errors: [
      ...(['approval-own', 'approval-asker-gone', ...DECIDED] as const),
      ...(['item-unknown', 'item-invalid', 'edit-conflict', 'site-changed', 'site-conflict'] as const),
      ...(['person-unknown', 'erasure-active', 'erasure-review', 'erasure-last-administrator'] as const),
      'erasure-spooled',
    ],
    example: { ...ONE, body: { reason: 'Vérifié sur place' } },
  },
  'POST /api/v1/approvals/:id/refuse': {
    id: 'refuse',
    tag: 'approvals',
    says: { en: 'Refuses it, with a reason.', fr: 'La refuse, avec un motif.' },
    answers: { 200: ApprovalShape },
    errors: ['approval-own', ...DECIDED],
    example: { ...ONE, body: { reason: 'La zone sert encore' } },
  },
  'POST /api/v1/approvals/:id/withdraw': {
    id: 'withdrawApproval',
    tag: 'approvals',
    says: { en: 'Withdraws what you asked for.', fr: 'Retire ce que vous avez demandé.' },
    answers: { 200: ApprovalShape },
    errors: ['approval-foreign', ...DECIDED],
    example: { ...ONE, body: {} },
  },
}
