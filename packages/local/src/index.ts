export { dataDirectory, type LocalConfig, readLocalConfig } from './config.ts'
export { findManifest, type ServerManifest } from './control-files.ts'
export { type LocalInstance, type StartOptions, startLocal, VERSION } from './local.ts'
