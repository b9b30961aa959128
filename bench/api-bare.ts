/** The baseline of the API: the same web framework, one route that answers the same kind of bytes, and nothing else. */
import { fastify } from 'fastify'

/** As long as the answer of the route beside it: a badge as an item of the site. */
const ANSWER = {
  kind: 'badge',
  id: '04B00000000001',
  revision: 1,
  item: { uid: '04B00000000001', person: 'person-1', status: 'active' },
}

const app = fastify()
app.get('/api/v1/site/items/:kind/:id', async () => ANSWER)
const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
process.stdout.write(`${JSON.stringify({ msg: 'ready', mqttPort: 0, httpPort: Number(port), pid: process.pid })}\n`)
process.on('SIGTERM', () => process.exit(0))
process.on('SIGINT', () => process.exit(0))
