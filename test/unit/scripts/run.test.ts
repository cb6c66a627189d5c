// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { run } from '../../../scripts/run.mjs'

const runNode = (code: string, endsAtMs: number, onMessage?: (message: unknown) => void) =>
  run(process.execPath, ['-e', code], { isKept: true, endsAtMs, ...(onMessage && { onMessage }) })
const inAMinute = () => Date.now() + 60_000
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
    const outcome = await runNode(`console.log('said'); process.send({ file: 'a' })`, inAMinute(), message =>
      messages.push(message),
    )
    expect(outcome).toEqual({ isOk: true, isLate: false, output: 'said\n' })
    expect(messages).toEqual([{ file: 'a' }])
  })

  it.each([
    ['another exit status', `console.error('bad'); process.exit(3)`, 'bad\n'],
    ['a signal', `process.kill(process.pid, 'SIGKILL')`, ''],
  ])('is not ok with %s', async (_, code, output) => {
    expect(await runNode(code, inAMinute())).toEqual({ isOk: false, isLate: false, output })
  })

  it('is not ok when there is no such program', async () => {
    expect(await run('no-such-program', [], { endsAtMs: inAMinute() })).toMatchObject({
      isOk: false,
      output: expect.stringContaining('ENOENT'),
    })
  })

  it('is ended when its time is over, with what it has started in a group of its own, as browsers are', async () => {
    let pid = 0
    const code = `
      const { spawn } = require('node:child_process')
      const forever = 'setInterval(() => {}, 1000)'
      process.send(spawn(process.execPath, ['-e', forever], { detached: true }).pid)
      eval(forever)`
    const outcome = await runNode(code, Date.now() + 4000, message => {
      pid = message as number
    })
    expect(outcome).toMatchObject({ isOk: false, isLate: true })
    expect(pid).toBeGreaterThan(0)
    await expect.poll(() => isRunning(pid), { timeout: 5000 }).toBe(false)
  })
})
