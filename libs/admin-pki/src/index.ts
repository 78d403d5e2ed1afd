export {
  createAuthority,
  issueOperatorCertificate,
  issueServerCertificate,
  MAX_OPERATOR_DAYS,
  type IssuedX509,
  type KeyedCertificate,
} from './authority.js';
export {
  authorityPaths,
  ensureAuthority,
  ensureServerCertificate,
  makeOperatorFiles,
  openAuthority,
  type AuthorityPaths,
  type OperatorFiles,
  type ServerIdentity,
} from './authority-directory.js';
export { requireOperatorName } from './certificate-name.js';
export { PkiError, type PkiErrorCode } from './pki-error.js';
export { toPkcs12, type Pkcs12Contents } from './pkcs12.js';
