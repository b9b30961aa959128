/**
 * The smallest honest device: one reader and one lock of a medicine cabinet. Type a badge number and press Enter.
 *
 *   node docs/examples/reader.mjs <folder of the certificate> <device> <site> <point> <host> <port>
 *
 * The lock is a line on the screen; put your hardware there.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { connect } from 'mqtt'

const [folder = '.', device = '', site = 'main', point = 'drawer-1', host = 'localhost', port = '8883'] =
  process.argv.slice(2)
const topic = name => `vigie/v1/${site}/${device}/${name}`
const file = name => join(folder, name)
const show = (...words) => console.log(...words)

// Numbers survive a power cut: the next one is on disk before it is used.
const seqFile = file(`${device}.seq`)
let seq = readSeq()
function readSeq() {
  try {
    return Number(readFileSync(seqFile, 'utf8'))
  } catch {
    return 0 // a new device
  }
}
function nextSeq() {
  seq += 1
  writeFileSync(seqFile, String(seq), { flush: true })
  return seq
}

const unsent = [] // what the hub has not acknowledged, oldest first; a real device bounds this
const asked = new Map() // badge message id -> timer of its patience
let lock = 'locked'
const obeyed = new Set() // command ids; a real device keeps those that have not expired over a power cut

let client
let attempt = 0
let ending = false

/** A fresh client for each connection: what is sent again, and in which order, is decided here and not in the library. */
function open() {
  client = connect({
    host,
    port: Number(port),
    protocol: 'mqtts',
    protocolVersion: 4, // MQTT 3.1.1
    clientId: device,
    ca: readFileSync(file('ca.cert.pem')),
    cert: readFileSync(file(`${device}.cert.pem`)),
    key: readFileSync(file(`${device}.key.pem`)),
    clean: true,
    keepalive: 30,
    reconnectPeriod: 0,
    will: { topic: topic('status'), payload: '{"online":false}', qos: 1, retain: true },
  })
  client.on('error', error => show('error:', error.message))
  client.on('connect', greet)
  client.on('message', received)
  client.on('close', lost)
}

async function greet() {
  attempt = 0
  await client.subscribeAsync(topic('down/#'))
  await client.publishAsync(topic('status'), JSON.stringify({ online: true, at: now() }), { qos: 1, retain: true })
  for (const letter of [...unsent]) await post(letter) // the same bytes again, before anything new
  say('state', { point, lock, contact: 'closed' })
  show('connected')
}

function lost() {
  client.end(true)
  if (ending) return
  show('not connected')
  const longestMs = Math.min(30_000, 500 * 2 ** attempt)
  attempt += 1
  setTimeout(open, Math.random() * longestMs) // so that a thousand devices don't come back as one
}

function received(name, payload, packet) {
  if (packet.retain) return // an old order
  const message = JSON.parse(payload.toString())
  if (name === topic('down/decision')) answered(message)
  else if (name === topic('down/command')) obey(message)
}

const now = () => new Date().toISOString()

function say(kind, fields) {
  const number = nextSeq()
  const message = { id: `${device}-${number}`, at: now(), seq: number, ...fields }
  const letter = { name: topic(`up/${kind}`), text: JSON.stringify(message) }
  if (kind !== 'badge') unsent.push(letter) // a badge is a question of this moment: it is never sent later
  if (client.connected) void post(letter)
  return message.id
}

/** Acknowledged means that the hub has it on disk, or refused it: either way it is done with. */
async function post(letter) {
  try {
    await client.publishAsync(letter.name, letter.text, { qos: 1 })
    if (unsent.includes(letter)) unsent.splice(unsent.indexOf(letter), 1)
  } catch {
    show('not acknowledged')
  }
}

function badge(uid) {
  if (!client.connected) return show('amber: the hub can’t be reached, nothing opens')
  const id = say('badge', { point, credential: { kind: 'uid', uid } })
  const impatient = () => asked.delete(id) && show('amber: no answer, badge again')
  asked.set(id, setTimeout(impatient, 5000))
}

function answered({ request, granted, reason }) {
  const patience = asked.get(request)
  if (!patience) return // not asked here, or too long ago
  clearTimeout(patience)
  asked.delete(request)
  show(granted ? 'green' : `red: ${reason}`)
}

function obey({ id, expiresAt, action, point: where, unlockMs }) {
  if (obeyed.has(id)) return // at most once
  obeyed.add(id)
  const leftMs = Date.parse(expiresAt) - Date.now()
  const refusal = !(leftMs > 0 && leftMs < 300_000)
    ? 'expired'
    : action !== 'unlock' || where !== point
      ? 'not possible here'
      : undefined
  if (refusal) return say('ack', { command: id, outcome: 'refused', detail: refusal })
  show(`click: released for ${unlockMs} ms`)
  say('ack', { command: id, outcome: 'done' })
  turn('unlocked')
  setTimeout(() => {
    show('click: locked')
    turn('locked')
  }, unlockMs)
}

function turn(to) {
  lock = to
  say('state', { point, lock })
}

open()
createInterface({ input: process.stdin })
  .on('line', line => badge(line.trim()))
  .on('close', () => {
    ending = true
    client.end(false, {}, () => process.exit(0))
  })
