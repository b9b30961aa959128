/** vigie device esphome: what turns an ESP32 with a PN532 into a cabinet reader of this hub, with its own certificate. */
import { readFileSync } from 'node:fs'
import { topics } from '#devices/messages.ts'
import { type ModelRules, modelRules } from '#devices/registry.ts'
import { VigieError } from '../errors.ts'
import { replaceOwn } from '../pki/files.ts'
import { siteId } from '../record/site.ts'
import { type Context, untilInForce } from './context.ts'
import { type DeviceOptions, needOwn, prepareFolder, provide, view } from './device.ts'
import type { Output } from './output.ts'

const HEADER = new URL('../../firmware/esphome/vigie_reader.h', import.meta.url)

export interface Reader {
  readonly site: string
  readonly device: string
  readonly name: string
  readonly point: string
  readonly host: string
  readonly port: number
}

/**
 * Issues a certificate and writes <id>.yaml, <id>.secrets.yaml and vigie_reader.h.
 * @throws VigieError device-unknown, device-bought, device-revoked, usage
 */
export async function esphome(c: Context, id: string, o: DeviceOptions & { point?: string | undefined }, out: Output) {
  const known = needOwn(c, id)
  const point = pointOf(modelRules(known.model), o.point)
  const dir = await prepareFolder(c, o.out)
  const issued = await provide(c, id, known.status === 'enrolled' ? 'device.renewed' : 'device.enrolled', o.out)
  const [host = 'vigie.local'] = c.config.hosts
  const port = c.config.mqttPort || 8883
  const reader: Reader = { site: siteId(c.db), device: id, name: known.name, point, host, port }
  const files = { yaml: `${dir}/${id}.yaml`, secrets: `${dir}/${id}.secrets.yaml`, header: `${dir}/vigie_reader.h` }
  await replaceOwn(files.yaml, configOf(reader))
  const pem = (file: string): string => readFileSync(file, 'utf8')
  await replaceOwn(files.secrets, secretsOf({ ca: pem(issued.ca), cert: pem(issued.cert), key: pem(issued.key) }))
  await replaceOwn(files.header, readFileSync(HEADER, 'utf8'))
  const inForce = await untilInForce(c)
  const { certificateUntil = '' } = view(c, id)
  const until = certificateUntil.slice(0, 10)
  out.result(
    { ...view(c, id), ...files, ...inForce },
    `Configuration ESPHome de ${id}\u202f: ${files.yaml}\nComplétez le Wi-Fi dans ${files.secrets}, ajoutez-le à secrets.yaml, puis\u202f: esphome run ${files.yaml}\nSon certificat finit le ${until}\u202f: refaites cette commande et installez-la avant cette date.`,
    `ESPHome configuration of ${id}: ${files.yaml}\nFill in the Wi-Fi in ${files.secrets}, add it to secrets.yaml, then: esphome run ${files.yaml}\nIts certificate ends on ${until}: run this command again and install it before that day.`,
  )
}

/** The point it reads badges for: the one that is named, or the model's first. */
function pointOf(rules: ModelRules | undefined, wanted: string | undefined): string {
  const readers = [...(rules?.points ?? [])].filter(([, p]) => p.says.has('badge') && p.actions.has('unlock'))
  const point = wanted ?? readers[0]?.[0]
  if (point !== undefined && readers.some(([name]) => name === point)) return point
  const all = readers.map(([name]) => name).join(', ')
  const expected =
    all === ''
      ? { en: 'a device that reads badges and has a lock', fr: 'un appareil qui lit des badges et a une serrure' }
      : { en: `--point takes one of ${all}`, fr: `--point attend l’un de ${all}` }
  throw new VigieError('usage', { expected })
}

const indented = (pem: string): string => pem.trim().replace(/^/gm, '  ')

export const secretsOf = ({
  ca,
  cert,
  key,
}: {
  ca: string
  cert: string
  key: string
}): string => `# Belongs into secrets.yaml beside the configuration. Holds the reader's private key: keep it to yourself.
wifi_ssid: ""
wifi_password: ""
vigie_ca: |-
${indented(ca)}
vigie_certificate: |-
${indented(cert)}
vigie_key: |-
${indented(key)}
`

/** Pins are those of a common ESP32 board; change them in the substitutions. Every entity is internal: nothing else is published. */
export function configOf({ site, device, name, point, host, port }: Reader): string {
  const up = (kind: 'badge' | 'state' | 'ack'): string => topics.up(site, device, kind)
  const status = topics.status(site, device)
  return `# A cabinet reader for Vigie: ESP32, PN532 on SPI, a lock on a relay, a contact. Made by: vigie device esphome ${device}
substitutions:
  pin_clock: GPIO18
  pin_miso: GPIO19
  pin_mosi: GPIO23
  pin_reader: GPIO5
  pin_lock: GPIO25
  pin_contact: GPIO26
  pin_green: GPIO32
  pin_red: GPIO33

esphome:
  name: ${JSON.stringify(device)}
  friendly_name: ${JSON.stringify(name)}
  includes:
    - vigie_reader.h
  on_boot:
    priority: -100
    then:
      - lambda: |-
          id(numbers) = global_preferences->make_preference<uint64_t>(0x76696769);
          id(numbers).load(&id(seq));

esp32:
  board: esp32dev
  framework:
    type: esp-idf
    sdkconfig_options:
      CONFIG_MBEDTLS_SSL_PROTO_TLS1_3: y
      CONFIG_MBEDTLS_SSL_KEEP_PEER_CERTIFICATE: y

logger:
  level: WARN

wifi:
  ssid: !secret wifi_ssid
  password: !secret wifi_password
  reboot_timeout: 0s

time:
  - platform: sntp
    id: wall
    timezone: UTC
    on_time_sync:
      then:
        - script.execute: tell_state

globals:
  - id: seq
    type: uint64_t
    initial_value: '0'
  - id: numbers
    type: ESPPreferenceObject
  - id: orders
    type: vigie::Orders
  - id: is_locked
    type: bool
    initial_value: 'true'

mqtt:
  id: hub
  broker: ${JSON.stringify(host)}
  port: ${port}
  client_id: ${JSON.stringify(device)}
  clean_session: true
  keepalive: 30s
  discovery: false
  log_topic: null
  topic_prefix: null
  reboot_timeout: 0s
  certificate_authority: !secret vigie_ca
  client_certificate: !secret vigie_certificate
  client_certificate_key: !secret vigie_key
  birth_message:
    topic: ${status}
    payload: '{"online":true}'
    qos: 1
    retain: true
  will_message:
    topic: ${status}
    payload: '{"online":false}'
    qos: 1
    retain: true
  shutdown_message:
    topic: ${status}
    payload: '{"online":false}'
    qos: 1
    retain: true
  on_connect:
    then:
      - script.execute: tell_state
  on_json_message:
    - topic: ${topics.down(site, device, 'decision')}
      then:
        - lambda: |-
            if (x["granted"].as<bool>()) id(say_yes).execute(); else id(say_no).execute();
    - topic: ${topics.down(site, device, 'command')}
      then:
        - lambda: |-
            const std::string order = x["id"].as<std::string>();
            const std::string action = x["action"].as<std::string>();
            if (x["point"].as<std::string>() != "${point}") return;
            const bool known = action == "unlock" || action == "lock" || action == "identify";
            if (!known || !id(orders).take(order, x["expiresAt"].as<std::string>(), id(wall).now().timestamp)) {
              id(answer).execute(order, false);
              return;
            }
            if (action == "unlock") id(release).execute(x["unlockMs"].as<int>());
            if (action == "lock") id(relock).execute();
            if (action == "identify") id(say_yes).execute();
            id(answer).execute(order, true);

spi:
  clk_pin: \${pin_clock}
  miso_pin: \${pin_miso}
  mosi_pin: \${pin_mosi}

pn532_spi:
  cs_pin: \${pin_reader}
  update_interval: 300ms
  on_tag:
    then:
      - lambda: |-
          if (id(wall).now().timestamp < vigie::CLOCK_IS_SET) return;
          id(number).execute();
          id(hub).publish("${up('badge')}", vigie::badge(id(seq), id(wall).now().timestamp, "${point}", x), 1, false);

output:
  - platform: gpio
    id: lock
    pin: \${pin_lock}
  - platform: gpio
    id: green
    pin: \${pin_green}
  - platform: gpio
    id: red
    pin: \${pin_red}

binary_sensor:
  - platform: gpio
    id: door
    internal: true
    device_class: door
    pin:
      number: \${pin_contact}
      mode: INPUT_PULLUP
    filters:
      - delayed_on_off: 50ms
    on_state:
      then:
        - script.execute: tell_state

script:
  # The number is on flash before the message leaves: after a power cut none comes twice.
  - id: number
    mode: queued
    then:
      - lambda: |-
          id(seq) += 1;
          id(numbers).save(&id(seq));
          global_preferences->sync();
  - id: tell_state
    mode: queued
    then:
      - lambda: |-
          if (id(wall).now().timestamp < vigie::CLOCK_IS_SET || !id(hub).is_connected()) return;
          id(number).execute();
          id(hub).publish("${up('state')}", vigie::state(id(seq), id(wall).now().timestamp, "${point}", id(is_locked), id(door).state), 1, false);
  - id: answer
    mode: queued
    parameters:
      order: std::string
      is_done: bool
    then:
      - lambda: |-
          id(number).execute();
          id(hub).publish("${up('ack')}", vigie::ack(id(seq), id(wall).now().timestamp, order, is_done ? "done" : "refused"), 1, false);
  # Locks again by itself, whether the hub is there or not.
  - id: release
    mode: restart
    parameters:
      for_ms: int
    then:
      - output.turn_on: lock
      - lambda: id(is_locked) = false;
      - script.execute: tell_state
      - delay: !lambda 'return for_ms > 0 && for_ms <= 60000 ? for_ms : 5000;'
      - script.execute: relock
  - id: relock
    then:
      - output.turn_off: lock
      - lambda: id(is_locked) = true;
      - script.execute: tell_state
  - id: say_yes
    mode: restart
    then:
      - output.turn_on: green
      - delay: 1s
      - output.turn_off: green
  - id: say_no
    mode: restart
    then:
      - output.turn_on: red
      - delay: 1s
      - output.turn_off: red
`
}
