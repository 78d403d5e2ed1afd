export { CertError, type CertErrorCode } from './cert-error.js';
export {
  CERTIFICATE_LENGTH,
  PUBLIC_PART_LENGTH,
  SIGNED_LENGTH,
  decodeCertificate,
  decodePublicPart,
  encodeCertificate,
  publicPart,
  signedBytes,
  type Certificate,
  type PublicCertificate,
} from './certificate.js';
export { issueCertificate, randomCertificateFields, type CertificateRequest } from './issue.js';
export { isCanonicalSignature, masterKeyId, publicKeyFromSeed } from './signature.js';
export {
  CLOCK_TOLERANCE_SECONDS,
  certificateStatus,
  verifyCertificate,
  type CertificateStatus,
} from './status.js';
export { uuidFromBytes, uuidToBytes } from './uuid.js';
