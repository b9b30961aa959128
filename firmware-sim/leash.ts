/**
 * Loaded into the hub before its own program: if the demo dies without a word, the hub doesn't live on holding the ports.
 * The channel must not keep a hub alive that has finished.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.channel?.unref()
