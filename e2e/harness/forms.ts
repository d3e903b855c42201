import { inject } from 'vitest'
import { CLUSTER_DISASTERS, openClusterForm } from './cluster-form.ts'
import { e2eConfig } from './config.ts'
import type { Disaster, Form, FormName } from './form.ts'
import { LOCAL_DISASTERS, openLocalForm } from './local-form.ts'

export interface FormToOpen {
  name: FormName
  disasters: readonly Disaster[]
  /** `env` is told to every process of the form. */
  open(env?: Record<string, string>): Promise<Form>
}

/** What every journey runs on: `describe.each(forms)('… on the $name form', …)`. */
export const forms: FormToOpen[] = []
if (e2eConfig.forms.includes('local')) {
  forms.push({ name: 'local', disasters: LOCAL_DISASTERS, open: openLocalForm })
}
const cluster = inject('cluster')
if (cluster) {
  forms.push({
    name: 'cluster',
    disasters: CLUSTER_DISASTERS,
    open: (env) => openClusterForm(cluster, env ? { env } : {}),
  })
}
