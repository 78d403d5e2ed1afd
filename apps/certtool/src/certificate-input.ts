import { CERTIFICATE_LENGTH, CertError, decodeCertificate, type Certificate } from '@ranked/cert';
import { readCertificateFile } from '@ranked/cert/files';

/**
 * Reads a certificate from a file, or from stdin for `-`. No more is read from stdin than tells that it is too long.
 *
 * @throws CertError, or an error of `node:fs`
 */
export async function readCertificate(source: string): Promise<Certificate> {
  if (source !== '-') return readCertificateFile(source);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    const bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    chunks.push(bytes);
    length += bytes.length;
    if (length > CERTIFICATE_LENGTH) {
      throw new CertError('length', `stdin has more than the ${CERTIFICATE_LENGTH} bytes of a certificate`);
    }
  }
  return decodeCertificate(Buffer.concat(chunks));
}
