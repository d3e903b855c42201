export { dataDirectory, type LocalConfig, readLocalConfig } from './config.ts'
export { findManifest, type ServerManifest } from './control-files.ts'
export { type LocalInstance, startLocal, type StartOptions, VERSION } from './local.ts'
