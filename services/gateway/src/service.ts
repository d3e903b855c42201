export { createGateway } from './app.ts'
export type { Authenticator, Credentials, Identity } from './auth/authenticator.ts'
export { createLocalBearers, type LocalBearerOptions } from './auth/local-bearers.ts'
export type { GatewayConfig, GatewayDeps, Log } from './deps.ts'
