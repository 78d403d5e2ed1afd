export { readCertificateFile, writeCertificateFile } from './certificate-file.js';
export { ensureKeys, keyPaths, type KeyPaths, type Keys, type KeysElsewhere } from './ensure-keys.js';
export { wipeInitialEnvironment, type WipeOutcome } from './initial-environment.js';
export {
  parseDatabaseKey,
  readDatabaseKey,
  readMasterKey,
  replaceMasterKey,
  writeDatabaseKey,
  writeMasterKey,
  type MasterKey,
  type ReplacedMasterKey,
} from './key-files.js';
export { readSecretFile, writeSecretFile } from './secret-file.js';
