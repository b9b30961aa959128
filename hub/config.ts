/**
 * Every setting: type, default, range, unit, doc line. The only reader of process.env. Unknown VIGIE_ variables are
 * refused, so that a misspelt limit is not silently the default.
 */
import { isAbsolute, resolve } from 'node:path'
import { VigieError } from './errors.ts'
import {
  hubAddress,
  hubs,
  issuer,
  logServer,
  mailAddress,
  mailServer,
  outsideBroker,
  ownAddress,
  phoneNumber,
  places,
  type Setting,
  smsGateway,
  webAddress,
} from './setting-addresses.ts'
import {
  choice,
  filePath,
  files,
  folders,
  int,
  list,
  path,
  secretKey,
  timeOfDay,
  tokens,
  words,
} from './setting-kinds.ts'
import { SERIES_SETTINGS } from './settings-series.ts'

export const SETTINGS = {
  dataDir: path('VIGIE_DATA_DIR', './data', 'Folder of database, certificates and keys'),
  mqttPort: int(
    'VIGIE_MQTT_PORT',
    8883,
    0,
    65_535,
    'port',
    'MQTT over TLS 1.3 with client certificates; 0 picks a free one',
  ),
  httpPort: int('VIGIE_HTTP_PORT', 8080, 0, 65_535, 'port', 'Dashboard and API on loopback only; 0 picks a free one'),
  httpsPort: int(
    'VIGIE_HTTPS_PORT',
    8443,
    0,
    65_535,
    'port',
    'Dashboard, API and EST enrolment over TLS; 0 picks a free one',
  ),
  boughtListen: ownAddress(
    'VIGIE_BOUGHT_LISTEN',
    'Where bought devices (Zigbee2MQTT, Shelly, Tasmota, ESPHome) are let in: the address on their own network and a port; without it nowhere',
  ),
  hosts: list('VIGIE_HOSTS', 'Further names and addresses for the server certificate'),
  logLevel: choice(
    'VIGIE_LOG_LEVEL',
    'info',
    ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
    'Least severe log line written',
  ),
  journalKey: secretKey('VIGIE_JOURNAL_KEY', 'Database key; without it the key file in the data folder is used'),
  signingKeyFile: filePath(
    'VIGIE_SIGNING_KEY_FILE',
    'Key that signs checkpoints of the journal; without it checkpoint.key.pem in the data folder',
  ),
  certificateDays: int('VIGIE_CERTIFICATE_DAYS', 90, 1, 825, 'days', 'Life of device and server certificates'),
  certificateSeconds: int(
    'VIGIE_CERTIFICATE_SECONDS',
    0,
    0,
    86_400,
    'seconds',
    'For drills: overrides the days; 0 leaves them',
  ),
  unlockExpiryMs: int(
    'VIGIE_UNLOCK_EXPIRY_MS',
    5_000,
    500,
    60_000,
    'ms',
    'A command not executed by then moves nothing',
  ),
  skewLimitMs: int(
    'VIGIE_SKEW_LIMIT_MS',
    10_000,
    500,
    3_600_000,
    'ms',
    'Difference between device and hub clock that is flagged',
  ),
  deviceRate: int('VIGIE_DEVICE_RATE', 50, 1, 100_000, 'messages/s', 'Sustained messages a device may send'),
  deviceBurst: int('VIGIE_DEVICE_BURST', 200, 1, 100_000, 'messages', 'Messages a device may send at once'),
  maxConnections: int('VIGIE_MAX_CONNECTIONS', 5_000, 1, 100_000, 'sockets', 'Device sockets at once'),
  maxConnectionsPerAddress: int(
    'VIGIE_MAX_CONNECTIONS_PER_ADDRESS',
    2_000,
    1,
    100_000,
    'sockets',
    'Device sockets from one address at once',
  ),
  sessionIdleMinutes: int(
    'VIGIE_SESSION_IDLE_MINUTES',
    30,
    1,
    1_440,
    'minutes',
    'An operator not seen for so long is signed out',
  ),
  tokenRate: int('VIGIE_TOKEN_RATE', 50, 1, 100_000, 'requests/s', 'Sustained requests of one API token'),
  sessionRate: int('VIGIE_SESSION_RATE', 200, 1, 100_000, 'requests/s', 'Sustained requests of one operator’s pages'),
  purgeAt: timeOfDay('VIGIE_PURGE_AT', '03:30', 'When what is past its term is erased, on the clock of the site'),
  backupTo: folders('VIGIE_BACKUP_TO', 'Folders that a backup is written to each day; they must exist'),
  backupAt: timeOfDay('VIGIE_BACKUP_AT', '02:30', 'When, on the clock of the site'),
  backupKeep: int('VIGIE_BACKUP_KEEP', 14, 1, 1_000, 'backups', 'Good backups kept in each folder'),
  diskQuotaMb: int(
    'VIGIE_DISK_QUOTA_MB',
    0,
    0,
    100_000_000,
    'MB',
    'Most the data folder may take; 0 is the whole file system',
  ),
  diskReserveMb: int(
    'VIGIE_DISK_RESERVE_MB',
    8,
    0,
    10_000,
    'MB',
    'Room kept on the disk for alarms while it is full; 0 keeps none',
  ),
  syslog: logServer('VIGIE_SYSLOG', 'Log server that gets the rows of the journal as they come'),
  syslogFormat: choice(
    'VIGIE_SYSLOG_FORMAT',
    'plain',
    ['plain', 'atna'],
    'plain: RFC 5424 with JSON; atna: audit messages of IHE ITI-20',
  ),
  syslogFrom: choice(
    'VIGIE_SYSLOG_FROM',
    'now',
    ['now', 'first'],
    'Where a log server that is new begins: with the next row, or with the first of the journal',
  ),
  syslogCa: filePath(
    'VIGIE_SYSLOG_CA',
    'PEM of the authorities a log server may have its certificate from; without it the system’s',
  ),
  syslogCert: filePath('VIGIE_SYSLOG_CERT', 'PEM of the certificate this hub shows to a log server that asks for one'),
  syslogKey: filePath('VIGIE_SYSLOG_KEY', 'PEM of its key'),
  witnessFiles: files(
    'VIGIE_WITNESS_FILES',
    2,
    'Files on other disks that each signed checkpoint is added to; their folders must exist',
  ),
  witnessSyslog: logServer('VIGIE_WITNESS_SYSLOG', 'Log server that gets each signed checkpoint'),
  witnessHubs: hubs('VIGIE_WITNESS_HUBS', 'Other hubs that check and cosign each checkpoint'),
  witnessCa: filePath(
    'VIGIE_WITNESS_CA',
    'PEM of the authorities those hubs may have their certificate from; without it the system’s',
  ),
  smtpUrl: mailServer(
    'VIGIE_SMTP_URL',
    'Mail server for alerts, invitations and scheduled exports; over TLS, but on this machine itself',
  ),
  smtpCa: filePath('VIGIE_SMTP_CA', 'PEM of the authorities it may have its certificate from; without it the system’s'),
  mailFrom: mailAddress('VIGIE_MAIL_FROM', 'Address that mail is sent from'),
  smsUrl: smsGateway(
    'VIGIE_SMS_URL',
    'Gateway for text messages that speaks like Twilio’s; what comes before /Messages.json',
  ),
  smsFrom: phoneNumber('VIGIE_SMS_FROM', 'Number or name that text messages are sent from'),
  smsCa: filePath('VIGIE_SMS_CA', 'PEM of the authorities it may have its certificate from; without it the system’s'),
  smsModem: filePath('VIGIE_SMS_MODEM', 'Configuration file of gammu, for text messages by a modem of this machine'),
  pushContact: mailAddress(
    'VIGIE_PUSH_CONTACT',
    'Whom operators of push services may write to; with it browsers get alerts as notifications, by way of the internet',
  ),
  pushHosts: places('VIGIE_PUSH_HOSTS', 'Push services beside those of the browsers’ makers'),
  pushCa: filePath(
    'VIGIE_PUSH_CA',
    'PEM of the authorities they may have their certificate from; without it the system’s',
  ),
  publicUrl: webAddress('VIGIE_PUBLIC_URL', 'Where people reach the dashboard, for links in mails and text messages'),
  haUrl: outsideBroker('VIGIE_HA_URL', 'Broker of a Home Assistant that is to see what the devices show'),
  haCa: filePath('VIGIE_HA_CA', 'PEM of the authorities it may have its certificate from; without it the system’s'),
  haCert: filePath('VIGIE_HA_CERT', 'PEM of the certificate that the hub shows that broker, if it asks for one'),
  haKey: filePath('VIGIE_HA_KEY', 'PEM of its key'),
  haLights: choice(
    'VIGIE_HA_LIGHTS',
    'shown',
    ['shown', 'driven'],
    'Whether Home Assistant may drive lamps, or only see them; it drives nothing else',
  ),
  directoryFile: filePath('VIGIE_DIRECTORY_FILE', 'JSON: which groups of the directory have which role and rights'),
  oidcIssuer: issuer('VIGIE_OIDC_ISSUER', 'The hospital’s identity provider (OpenID Connect)'),
  oidcClientId: words('VIGIE_OIDC_CLIENT_ID', '', 'As what this hub is registered there'),
  oidcClientSecretFile: filePath(
    'VIGIE_OIDC_CLIENT_SECRET_FILE',
    'Holds the secret it was given; without it PKCE alone',
  ),
  oidcName: words('VIGIE_OIDC_NAME', 'SSO', 'What the provider is called on the sign-in page'),
  oidcCa: filePath(
    'VIGIE_OIDC_CA',
    'PEM of the authorities the provider may have its certificate from; without it the system’s',
  ),
  oidcGroupsClaim: words('VIGIE_OIDC_GROUPS_CLAIM', 'groups', 'The claim that lists somebody’s groups'),
  ...SERIES_SETTINGS,
  webhookHosts: places('VIGIE_WEBHOOK_HOSTS', 'Where webhooks may go; without it nowhere, and none can be made'),
  webhookCa: filePath(
    'VIGIE_WEBHOOK_CA',
    'PEM of the authorities receivers may have their certificate from; without it the system’s',
  ),
  webhookGiveUpSeconds: int(
    'VIGIE_WEBHOOK_GIVE_UP_SECONDS',
    86_400,
    1,
    604_800,
    'seconds',
    'A row that a webhook did not take for so long is set aside',
  ),
  oidcAcr: tokens('VIGIE_OIDC_ACR', 'Values of the acr claim that stand for two factors; asked for, too'),
  hub: hubAddress(
    'VIGIE_HUB',
    'For the command line: a hub on another machine that it speaks to; without it the one here',
  ),
  tokenFile: filePath('VIGIE_TOKEN_FILE', 'Holds the API token that the command line speaks to that hub with'),
  ca: filePath('VIGIE_CA', 'PEM of the authorities that hub may have its certificate from; without it the system’s'),
} as const

type Values = {
  -readonly [K in keyof typeof SETTINGS]: (typeof SETTINGS)[K]['fallback'] extends readonly string[]
    ? readonly string[]
    : ReturnType<(typeof SETTINGS)[K]['parse']> & {}
}
export type Config = Readonly<Values>

/** @throws VigieError config-invalid, naming the variable and what it takes, never its value. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  refuseUnknown(env)
  const entries = Object.entries(SETTINGS).map(([name, s]) => [name, readSetting(s as Setting<unknown>, env[s.env])])
  const values = Object.fromEntries(entries) as Values
  values.dataDir = isAbsolute(values.dataDir) ? values.dataDir : resolve(values.dataDir)
  return values
}

function readSetting(setting: Setting<unknown>, text: string | undefined): unknown {
  if (text === undefined || text === '') return setting.fallback
  const value = setting.parse(text)
  if (value === undefined) throw new VigieError('config-invalid', { field: setting.env, expected: setting.expected })
  return value
}

/** VIGIE_TEST_ and VIGIE_BENCH_ belong to the test and benchmark runners, which read them themselves. */
function refuseUnknown(env: NodeJS.ProcessEnv): void {
  const known = new Set<string>(Object.values(SETTINGS).map(s => s.env))
  const stray = Object.keys(env).find(k => k.startsWith('VIGIE_') && !known.has(k) && !/^VIGIE_(TEST|BENCH)_/.test(k))
  if (!stray) return
  const all = [...known].join(', ')
  const expected = { en: `no such setting; known: ${all}`, fr: `ce réglage n’existe pas\u202f; connus\u202f: ${all}` }
  throw new VigieError('config-invalid', { field: stray, expected })
}

/** The system's language setting, such as fr_FR.UTF-8: for the command line's words. */
export const localeOf = (env: NodeJS.ProcessEnv = process.env): string =>
  env.LC_ALL || env.LC_MESSAGES || env.LANG || ''
