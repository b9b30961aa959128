/** Settings of the time series. */
import { STORES } from './rules/series.ts'
import { storeAddress, webAddress } from './setting-addresses.ts'
import { choice, filePath, int, words } from './setting-kinds.ts'

export const SERIES_SETTINGS = {
  seriesMb: int(
    'VIGIE_SERIES_MB',
    4096,
    16,
    1_000_000,
    'megabytes',
    'What the embedded time series may take on the disk; beyond it the finest points go earlier than their term',
  ),
  chartsFrom: choice(
    'VIGIE_CHARTS_FROM',
    'embedded',
    STORES,
    'Where curves are read; the embedded store answers for one that does not',
  ),
  storeLateSeconds: int(
    'VIGIE_STORE_LATE_SECONDS',
    300,
    1,
    86_400,
    'seconds',
    'How long an outside time series store may fail before the journal says so',
  ),
  influxCa: filePath('VIGIE_INFLUX_CA', 'PEM of the authorities of InfluxDB; left out: those of the system'),
  influx1Url: storeAddress(
    'VIGIE_INFLUX1_URL',
    'InfluxDB 1.x, or 3 by its interface for clients of 1.x; without it none',
  ),
  influx1Database: words('VIGIE_INFLUX1_DATABASE', 'vigie', 'Its database, which has to exist'),
  influx1Username: words('VIGIE_INFLUX1_USERNAME', 'vigie', 'Its user; InfluxDB 3 does not look at it'),
  influx1PasswordFile: filePath('VIGIE_INFLUX1_PASSWORD_FILE', 'File with its password; with InfluxDB 3, a token'),
  influx2Url: storeAddress('VIGIE_INFLUX2_URL', 'InfluxDB 2.x; without it none'),
  influx2Org: words('VIGIE_INFLUX2_ORG', 'vigie', 'Its organisation'),
  influx2Bucket: words('VIGIE_INFLUX2_BUCKET', 'vigie', 'Its bucket, which has to exist'),
  influx2TokenFile: filePath('VIGIE_INFLUX2_TOKEN_FILE', 'File with a token that may read and write the bucket'),
  otlpUrl: webAddress(
    'VIGIE_OTLP_URL',
    'OpenTelemetry collector that takes OTLP over HTTP in JSON; without it no traces',
  ),
  otlpTokenFile: filePath('VIGIE_OTLP_TOKEN_FILE', 'File with a bearer token for it; without it none is sent'),
  otlpCa: filePath('VIGIE_OTLP_CA', 'PEM of the authorities it may have its certificate from; without it the system’s'),
  otlpPercent: int('VIGIE_OTLP_PERCENT', 1, 1, 100, '%', 'Share of badges that leave a trace'),
}
