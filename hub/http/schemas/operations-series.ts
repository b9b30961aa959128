/** Operations on time series. */
import type { Operations } from './operation.ts'
import { CurveShape, QuantityListShape, ReportShape } from './series.ts'

export const SERIES: Operations = {
  'GET /api/v1/series/quantities': {
    id: 'listQuantities',
    tag: 'series',
    says: {
      en: 'What is measured or counted here, and can be drawn.',
      fr: 'Ce qui est mesuré ou compté ici, et peut être dessiné.',
    },
    answers: { 200: QuantityListShape },
    example: {},
  },
  'GET /api/v1/series': {
    id: 'getCurve',
    tag: 'series',
    says: {
      en: 'A curve of one quantity: of the whole site, of a zone with those below it, of a device or of an access point. The last 24 hours where nothing else is asked for.',
      fr: 'La courbe d’une grandeur : de tout le site, d’une zone avec celles qu’elle contient, d’un appareil ou d’un point d’accès. Les dernières 24 heures si rien d’autre n’est demandé.',
    },
    answers: { 200: CurveShape },
    errors: [
      'quantity-unknown',
      'zone-unknown',
      'device-unknown',
      'access-point-unknown',
      'place-once',
      'filter-invalid',
      'range-inverted',
      'series-unwritable',
    ],
    example: { query: { quantity: 'temperature', aggregate: 'max' } },
  },
  'GET /api/v1/reports/:report': {
    id: 'getReport',
    tag: 'series',
    says: {
      en: 'What happened in a span, added up by place, hour, reason and role, never by person. The last 30 days where nothing else is asked for.',
      fr: 'Ce qui s’est passé sur une période, additionné par lieu, heure, motif et rôle, jamais par personne. Les 30 derniers jours si rien d’autre n’est demandé.',
    },
    answers: { 200: ReportShape },
    errors: ['filter-invalid', 'range-inverted', 'series-unwritable'],
    example: { params: { report: 'refusals' } },
  },
  'GET /api/v1/reports/:report/csv': {
    id: 'getReportCsv',
    tag: 'series',
    says: { en: 'The same as a table for spreadsheets.', fr: 'La même chose, en tableau pour un tableur.' },
    answers: { 200: { media: ['text/csv'], says: { en: 'CSV, UTF-8', fr: 'CSV, UTF-8' } } },
    errors: ['filter-invalid', 'range-inverted', 'series-unwritable'],
    example: { params: { report: 'refusals' } },
  },
}
