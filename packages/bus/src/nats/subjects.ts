import { invariant } from '@executor/contracts'

const PRESENCE = 'here'

/**
 * Every subject that the bus uses on NATS. infra/nats/nats.conf grants exactly these; a deployment
 * that shares its server with others puts a prefix before all of them.
 */
export interface Subjects {
  /** The subject of a request, an event or a queue, as the deployment spells it. */
  of(subject: string): string
  /** Where the answers for one process of `name` arrive. */
  inboxPrefix: string
  /** Who may read the answers sent here. Nobody can ask in another's name and see what comes back. */
  findCaller(inbox: string): string | null
  /** Says that the sender of an inbox's request gave up. */
  cancel(service: string): string
  /** Asks whether an inbox's request is still worked on. */
  probe(service: string): string
  /** Where one process of a service says that it is there. */
  presence(service: string, instance: string): string
  isPresence(service: string, subject: string): boolean
  /** Bytes and pulls for one process of a service: `<this><token>`. */
  streamPrefix(service: string, instance: string): string
  isStream(service: string, subject: string): boolean
  /** The JetStream stream that holds a service's queues. */
  workStream(queueSubject: string): { stream: string; subjects: string; consumer: string }
}

export function createSubjects(prefix: string, name: string): Subjects {
  const root = prefix === '' ? '' : `${prefix}.`
  const inboxes = `${root}_INBOX_`

  return {
    of: (subject) => `${root}${subject}`,
    inboxPrefix: `${inboxes}${name}`,
    findCaller: (inbox) => {
      if (!inbox.startsWith(inboxes)) return null
      const end = inbox.indexOf('.', inboxes.length)
      return end === -1 ? null : inbox.slice(inboxes.length, end)
    },
    cancel: (service) => `${root}calls.${service}.cancel`,
    probe: (service) => `${root}calls.${service}.probe`,
    presence: (service, instance) => `${root}calls.${service}.${instance}.${PRESENCE}`,
    isPresence: (service, subject) =>
      subject.startsWith(`${root}calls.${service}.`) && subject.endsWith(`.${PRESENCE}`),
    streamPrefix: (service, instance) => `${root}calls.${service}.${instance}.`,
    isStream: (service, subject) => subject.startsWith(`${root}calls.${service}.`),
    workStream: (queueSubject) => {
      const [, service, noun] = queueSubject.split('.')
      invariant(service !== undefined && noun !== undefined, 'a queue is work.<service>.<noun>')
      const stream =
        prefix === '' ? `WORK_${service}` : `WORK_${prefix.replaceAll('.', '_')}_${service}`
      return { stream, subjects: `${root}work.${service}.>`, consumer: noun }
    },
  }
}
