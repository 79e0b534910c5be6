import dbus, { type Message, type MessageBus } from 'dbus-next'
import { doubleAccount, type DoubleAccount } from './doubleAccount.ts'
import { BusFailure, refusal, tokensFor, type DoubleCall, type DoubleRequest } from './doubleAnswers.ts'

const NAME = 'com.microsoft.identity.broker1'
const PATH = '/com/microsoft/identity/broker1'

/** Gives an answer: an object as JSON, a text as it is. Throw a `BusFailure`, or call `leave`, for what goes wrong before. */
export type DoubleHandler = (call: DoubleCall) => object | string | Promise<object | string>

/** Stands in for Intune's identity broker on a bus, as MSALRuntime calls it. */
export interface BrokerDouble {
  /** Who is signed in to the device; the first is the default. Tests add, change and remove. */
  readonly accounts: DoubleAccount[]
  /** Passwords by user name. */
  readonly passwords: Map<string, string>
  /** What was asked, the oldest first. */
  readonly calls: DoubleCall[]
  /** Answers every call of a member, until `reset`. */
  answer(member: string, handler: DoubleHandler): void
  /** Answers the next call of a member. */
  answerOnce(member: string, handler: DoubleHandler): void
  /** Forgets answers, calls and users; one new user is signed in. */
  reset(): void
  /** Leaves the bus at once, as a crash does: calls under way fail. */
  leave(): void
  /** Comes to the bus, or back to it. */
  join(): Promise<void>
}

/**
 * Starts one in this process. Synchronous native calls that wait for the bus would wait for this process: call them on another
 * thread.
 *
 * @param address The bus.
 * @returns The broker, which has joined the bus, with one user.
 */
export async function startBrokerDouble(address: string): Promise<BrokerDouble> {
  let bus: MessageBus | undefined
  const always = new Map<string, DoubleHandler>()
  const next = new Map<string, DoubleHandler[]>()
  const double: BrokerDouble = {
    accounts: [doubleAccount()],
    passwords: new Map(),
    calls: [],
    answer: (member, handler) => void always.set(member, handler),
    answerOnce: (member, handler) => void next.set(member, [...(next.get(member) ?? []), handler]),
    reset() {
      always.clear()
      next.clear()
      double.calls.length = 0
      double.passwords.clear()
      double.accounts.splice(0, Infinity, doubleAccount())
    },
    leave() {
      bus?.disconnect()
      bus = undefined
    },
    async join() {
      if (bus) return
      const joined = (bus = dbus.sessionBus({ busAddress: address }))
      // A bus that ends first is no failure of the test.
      joined.on('error', () => {})
      joined.addMethodHandler((message: Message) => {
        if (message.interface !== 'org.freedesktop.DBus.Peer' && message.path !== PATH) return false
        void reply(joined, message)
        return true
      })
      await joined.requestName(NAME, 0)
    },
  }
  const reply = async (joined: MessageBus, message: Message): Promise<void> => {
    const answer = await respond(message)
    if (bus === joined) joined.send(answer)
  }
  const respond = async (message: Message): Promise<Message> => {
    if (message.interface === 'org.freedesktop.DBus.Peer') return dbus.Message.newMethodReturn(message, '', [])
    try {
      const [version, correlationId, json] = message.body as [string, string, string]
      const call = { member: message.member, version, correlationId, request: JSON.parse(json) as DoubleRequest }
      double.calls.push(call)
      const answer = await (next.get(call.member)?.shift() ?? always.get(call.member) ?? byDefault)(call)
      return dbus.Message.newMethodReturn(message, 's', [typeof answer === 'string' ? answer : JSON.stringify(answer)])
    } catch (error) {
      const name = error instanceof BusFailure ? error.errorName : 'com.microsoft.identity.Error'
      // The declaration is wrong: it takes the message.
      return dbus.Message.newError(message as never, name, (error as Error).message)
    }
  }
  const byDefault: DoubleHandler = (call) => {
    switch (call.member) {
      case 'getAccounts':
        return { accounts: double.accounts }
      case 'acquireTokenSilently':
        return silently(call, double)
      case 'acquireTokenInteractively':
        return interactively(call, double)
      case 'cancelInteractiveFlow':
        return {}
      case 'getLinuxBrokerVersion':
        return { linuxBrokerVersion: '2.0.4' }
      default:
        throw new BusFailure('org.freedesktop.DBus.Error.UnknownMethod', `There is no ${call.member}`)
    }
  }
  await double.join()
  return double
}

function silently(call: DoubleCall, { accounts, passwords }: BrokerDouble): object {
  const { account, username, password, authorizationType } = call.request.authParameters!
  if (authorizationType === 3) {
    const found = accounts.find((one) => one.username === username)
    if (found && passwords.get(username) === password) return tokensFor(call, found)
    return refusal('InteractionRequired', { context: 'AADSTS50126: the user name or the password is wrong' })
  }
  const found = account ? accounts.find((one) => one.homeAccountId === account.homeAccountId) : accounts[0]
  return found ? tokensFor(call, found) : refusal('InteractionRequired', { context: 'nobody is signed in' })
}

/** The user picks whom the app named, else the first; nobody there yet signs in. */
function interactively(call: DoubleCall, { accounts }: BrokerDouble): object {
  const { account, username } = call.request.authParameters!
  const named = accounts.find((one) => one.homeAccountId === account?.homeAccountId || one.username === username)
  if (!named && accounts.length === 0) accounts.push(doubleAccount(username ? { username } : {}))
  return tokensFor(call, named ?? accounts[0]!)
}
