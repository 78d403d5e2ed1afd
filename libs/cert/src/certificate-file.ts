import { CERTIFICATE_LENGTH, decodeCertificate, encodeCertificate, type Certificate } from './certificate.js';
import { readSecretFile, writeSecretFile } from './secret-file.js';

/**
 * Reads a `.s2scert` file.
 *
 * @throws CertError as `decodeCertificate`, and `permissions`; an error of `node:fs` if the file cannot be opened
 */
export function readCertificateFile(path: string): Certificate {
  return decodeCertificate(readSecretFile(path, CERTIFICATE_LENGTH));
}

/**
 * Writes a new `.s2scert` file, mode 0600.
 *
 * @throws CertError as `encodeCertificate`, and `exists`; an error of `node:fs` if the file cannot be written
 */
export function writeCertificateFile(path: string, certificate: Certificate): void {
  writeSecretFile(path, encodeCertificate(certificate));
}
