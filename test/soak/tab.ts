import type { StepOrder } from './page/elastic-time.ts'
import type { TabAction, TabStatus } from './page/tab.ts'
import type { ProfilePage } from './profile.ts'

/** In real time; a page that answers so late answers no more. */
const DEADLINE_MS = 120_000

/** A tab as the harness has its hands on it. */
export class SoakTab {
  readonly number: number
  isFrozen = false
  isVisible = true
  /** Told with the last step. */
  status: TabStatus | undefined
  readonly #window: ProfilePage

  constructor(number: number, window: ProfilePage) {
    this.number = number
    this.#window = window
  }

  async step(order: StepOrder): Promise<TabStatus> {
    this.status = await this.#run<TabStatus>(`soak.step(${JSON.stringify(order)})`)
    return this.status
  }

  async act(action: TabAction): Promise<void> {
    if (action.do === 'show') this.isVisible = action.isVisible
    await this.#run(`soak.act(${JSON.stringify(action)})`)
  }

  /** @returns why it has no good key, `''` where it has one */
  isRecovered(maxWaitMs: number): Promise<string> {
    return this.#run<string>(`soak.isRecovered(${maxWaitMs}).catch(error => error.code || String(error))`)
  }

  async freeze(): Promise<void> {
    this.isFrozen = true
    await this.#window.devTools.send('Page.setWebLifecycleState', { state: 'frozen' })
  }

  /** Tells it the time before what it had left undone goes on. */
  async thaw(order: StepOrder): Promise<void> {
    await this.#run(`soak.set(${JSON.stringify({ ...order, wasFrozen: true })})`)
    await this.#window.devTools.send('Page.setWebLifecycleState', { state: 'active' })
    this.isFrozen = false
  }

  async reload(): Promise<void> {
    await this.#window.page.reload()
    this.isVisible = true
  }

  close(): Promise<void> {
    return this.#window.page.close()
  }

  async #run<T>(expression: string): Promise<T> {
    let timer: NodeJS.Timeout | undefined
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`Tab ${this.number} does not answer to ${expression}`)), DEADLINE_MS)
    })
    const running = this.#window.devTools.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    })
    const { result, exceptionDetails } = await Promise.race([running, tooLate]).finally(() => clearTimeout(timer))
    if (exceptionDetails) {
      const { text, exception } = exceptionDetails
      throw new Error(`Tab ${this.number}, ${expression}: ${text} ${exception?.description ?? ''}`)
    }
    return result.value as T
  }
}
