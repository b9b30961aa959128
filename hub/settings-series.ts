/** Settings of the time series. */
import { int } from './setting-kinds.ts'

export const SERIES_SETTINGS = {
  seriesMb: int(
    'VIGIE_SERIES_MB',
    4096,
    16,
    1_000_000,
    'megabytes',
    'What the embedded time series may take on the disk; beyond it the finest points go earlier than their term',
  ),
}
