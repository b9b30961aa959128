/** The prose of docs/asyncapi.yaml (Markdown). Times that stand here only are proved by asyncapi.test.ts. */

/** Seconds a badge may take before it opens nothing; ids remembered per device; see hub/flows/clocks.ts and inbox.ts. */
export const STALE_SECONDS = 30
export const REMEMBERED_IDS = 256
/** Seconds: an opening this long after the lock fell back still belongs to the grant; and after a request to exit. */
export const OPENING_GRACE_SECONDS = 3
export const EXIT_WINDOW_SECONDS = 10

export const INTRODUCTION = `What a device and a Vigie hub say to each other. This document describes the hub: what it receives is what devices publish, what it sends is what a device may subscribe to. It is made from the code that checks the messages, and a test keeps the two together. How to build a device, step by step: devices.md (French: fr/appareils.md).

## Who may do what
Topics are \`vigie/v1/<site>/<device>/...\`. A device publishes on its own \`status\` and \`up/<message>\`, and subscribes to its own \`down/#\` (or \`down/+\`, \`down/decision\`, \`down/command\`); everything else is refused. No message goes from one device to another. Which messages, points, states and quantities a device may use is its model's business (x-models).

## Connecting
- MQTT 3.1.1 over TLS 1.3 with the device's certificate. Client id = common name of the certificate = device id.
- Clean session only: nothing is kept for a device that is gone. Keep-alive is compulsory, 1200 s at most.
- One connection per device: a new one ends the older.
- Then, in this order: subscribe to \`down/#\`, publish \`status\` with \`online\` and \`at\`, send what was not acknowledged before the connection broke (the same bytes, oldest first), then the state of every point. New messages before old ones would make the old ones late.

## Quality of service
- Up: QoS 0 or 1. **PUBACK means that the message is in the hub's journal, on disk; or refused and counted.** A message that could not be stored gets no PUBACK: the hub closes the connection, and the device sends the same bytes again after the next one. QoS 2 closes the connection.
- Down: QoS 0, at most once, never retained, never queued, whatever QoS the subscription asked for. A device that is not connected and subscribed at that moment misses it, and that is meant: an order to open must not wait.
- Retain is allowed on \`status\` only. The embedded broker retains nothing; the flag is for setups with a broker beside the hub.

## Status
\`status\` comes first on each connection. Its \`at\` tells the hub how far off the device's clock is on this connection: with it, a badge that took more than ${STALE_SECONDS} s longer than that to arrive is known to have waited in a queue, and opens nothing (\`stale-message\`). Without it, what comes in one go right behind the connecting and is more than ${STALE_SECONDS} s off counts as a queue being emptied and opens nothing either; after 3 s without a message, or one that is fresh, an old time is taken for a wrong clock and the rights alone decide. The hub decides on its own time and keeps both. The last will is a \`status\` too; it goes out when the connection ends without DISCONNECT.

## Numbers and ids
Every up message carries \`id\` (unique per device), \`at\` (UTC) and \`seq\`, which rises by one with each message, whatever its topic, and survives a power cut: store it before you use it.

| what comes | what the hub does |
|---|---|
| the next \`seq\` | takes it |
| a higher \`seq\` with numbers missing | takes it and records the gap (\`device.gap\`); the first message ever may have any number |
| an \`id\` it has had (the last ${REMEMBERED_IDS} of the device are remembered) | moves nothing, sends no second decision; PUBACK once the first copy is stored; counted as \`duplicate\` |
| a \`seq\` not above the highest, with a new \`id\` | counted as \`sequence\` and recorded as late: a badge opens nothing (\`stale-message\` where it would have), a state changes nothing, an ack belongs to no command |
| the same bytes again after a failure to store | takes it, although the number is lower; late if something newer was stored in between, so send in order |

New hardware under an old name is enrolled anew (\`vigie device add\`, EST simpleenroll) and starts its numbers again. Renewing a certificate does not.

## A badge, from end to end
\`up/badge\` -> \`down/decision\` to the reader, for light and sound -> if granted, \`down/command\` with \`unlock\` to the lock (on the same device, or on another one) -> \`up/ack\` -> \`up/state\` as lock and contact move. The lock moves on \`down/command\` only. Ordered, released, opened and closed are separate facts, so each is reported.

A point may ask for more than a badge: a \`pin\`, a \`reason\`, a \`reference\`, a second person. The decision then names what is missing (x-reasons), and the reader sends the badge again with it, under a new \`id\`. A second person's badge is a message of its own at the same point, within \`waitMs\` of the first one's decision; the lock moves on the second. \`breakGlass\` is the emergency button: it needs a \`reason\`, is decided by a right of its own, alerts at once, and is reviewed afterwards. A PIN is checked, and neither stored nor journaled; one entered under duress is answered like the right one.

A contact that opens without a grant, and without a request to exit within the last ${EXIT_WINDOW_SECONDS} s, is recorded as forced. A grant covers openings until ${OPENING_GRACE_SECONDS} s after the latest moment at which the lock can have fallen back, and ends when the lock answers \`refused\`. The first contact reported after the hub's start is taken as how things stand. That is why every point is reported after each connect.

## Expiry
A command carries \`expiresAt\` (5 s after the badge unless VIGIE_UNLOCK_EXPIRY_MS says otherwise). After it, or a second time, it moves nothing: answer \`refused\`, or nothing if it was answered before. A device needs a clock that is right within a second, and refuses an expiry minutes ahead as one it can't believe. A retained command is an old command: never obey it. Without an ack until \`expiresAt\` the hub records \`lock.silent\`; a later ack is recorded and belongs to nobody.

## Limits
x-limits holds them all. Every packet takes a token of the device's bucket; over its rate a device is not read, so TCP slows it down. It is cut when it goes on pushing, or when it does not read what it is sent.

## Refusals
Whatever is not expressly allowed is refused, counted under the device and a name of a closed list (x-refusals, effects in x-effects), journaled once per burst, and shown in the dashboard. The bytes are never kept.

## Growing
Up messages are closed: an unknown field is refused. Down messages are open: a device leaves alone the fields it does not know, and answers \`refused\` to an action it does not know. What breaks either becomes \`vigie/v2\`.`
