// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { run } from '../../../scripts/run.mjs'

const never = new AbortController().signal
const runNode = (code: string, onMessage?: (message: unknown) => void, signal = never) =>
  run(process.execPath, ['-e', code], { isKept: true, signal, ...(onMessage && { onMessage }) })
const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('a program that is run for a check', () => {
  it('is ok with exit status 0, with its output kept and its messages handed over', async () => {
    const messages: unknown[] = []
    const outcome = await runNode(`console.log('said'); process.send({ file: 'a' })`, message => messages.push(message))
    expect(outcome).toEqual({ isOk: true, output: 'said\n' })
    expect(messages).toEqual([{ file: 'a' }])
  })

  it.each([
    ['another exit status', `console.error('bad'); process.exit(3)`, 'bad\n'],
    ['a signal', `process.kill(process.pid, 'SIGKILL')`, ''],
  ])('is not ok with %s', async (_, code, output) => {
    expect(await runNode(code)).toEqual({ isOk: false, output })
  })

  it('is not ok when there is no such program', async () => {
    expect(await run('no-such-program', [], { signal: never })).toMatchObject({
      isOk: false,
      output: expect.stringContaining('ENOENT'),
    })
  })

  it('is ended when its time is over, with what it has started in a group of its own, as browsers are', async () => {
    const deadline = new AbortController()
    let pid = 0
    const code = `
      const { spawn } = require('node:child_process')
      const forever = 'setInterval(() => {}, 1000)'
      process.send(spawn(process.execPath, ['-e', forever], { detached: true }).pid)
      eval(forever)`
    const started = (message: unknown) => {
      pid = message as number
      expect(isRunning(pid)).toBe(true)
      deadline.abort()
    }
    expect(await runNode(code, started, deadline.signal)).toEqual({ isOk: false, output: '' })
    await expect.poll(() => isRunning(pid), { timeout: 5000 }).toBe(false)
  })

  it('is ended at once when its time is over before', async () => {
    expect(await runNode('setInterval(() => {}, 1000)', undefined, AbortSignal.abort())).toMatchObject({ isOk: false })
  })
})
