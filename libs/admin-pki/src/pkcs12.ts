import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { derOf } from './key-pair.js';
import { NodeCryptoEngine } from './node-crypto-engine.js';

/** PBKDF2 rounds of the key's cover. RFC 8018 asks for a thousand at least; browsers take the time once, at the import. */
const ITERATIONS = 100_000;
const FRIENDLY_NAME = '1.2.840.113549.1.9.20';
const LOCAL_KEY_ID = '1.2.840.113549.1.9.21';
const KEY_BAG = '1.2.840.113549.1.12.10.1.2';
const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3';

/** What goes into the file. */
export interface Pkcs12Contents {
  certificatePem: string;
  privateKeyPem: string;
  /** Of the authority, which a browser may want to know as well. */
  authorityPem: string;
  /** Shown in the browser's list of certificates. */
  friendlyName: string;
  password: string;
}

/**
 * A PKCS #12 file (RFC 7292) as browsers import it: key and certificates under AES-256 (PBES2, PBKDF2 with HMAC-SHA-256), a
 * MAC with SHA-256 over all.
 */
export async function toPkcs12(contents: Pkcs12Contents): Promise<Uint8Array> {
  const engine = new NodeCryptoEngine({ name: 'node', crypto });
  const certificate = pkijs.Certificate.fromBER(derOf(contents.certificatePem));
  const authority = pkijs.Certificate.fromBER(derOf(contents.authorityPem));
  const key = pkijs.PrivateKeyInfo.fromBER(derOf(contents.privateKeyPem));
  const keyId = new Uint8Array(await crypto.subtle.digest('SHA-1', derOf(contents.certificatePem)));
  const password = new TextEncoder().encode(contents.password).buffer;
  const cover = {
    password,
    // The library draws an IV of its own; its type wants one all the same.
    contentEncryptionAlgorithm: { name: 'AES-CBC', length: 256, iv: new Uint8Array(16) },
    hmacHashAlgorithm: 'SHA-256',
    iterationCount: ITERATIONS,
  } as const;

  const keyBag = new pkijs.PKCS8ShroudedKeyBag({ parsedValue: key });
  await keyBag.makeInternalValues(cover, engine);
  const pfx = new pkijs.PFX({
    parsedValue: {
      integrityMode: 0,
      authenticatedSafe: new pkijs.AuthenticatedSafe({
        parsedValue: {
          safeContents: [
            {
              privacyMode: 0,
              value: new pkijs.SafeContents({
                safeBags: [
                  new pkijs.SafeBag({
                    bagId: KEY_BAG,
                    bagValue: keyBag,
                    bagAttributes: attributes(contents.friendlyName, keyId),
                  }),
                ],
              }),
            },
            {
              privacyMode: 1,
              value: new pkijs.SafeContents({
                safeBags: [
                  new pkijs.SafeBag({
                    bagId: CERTIFICATE_BAG,
                    bagValue: new pkijs.CertBag({ parsedValue: certificate }),
                    bagAttributes: attributes(contents.friendlyName, keyId),
                  }),
                  new pkijs.SafeBag({
                    bagId: CERTIFICATE_BAG,
                    bagValue: new pkijs.CertBag({ parsedValue: authority }),
                  }),
                ],
              }),
            },
          ],
        },
      }),
    },
  });
  const { parsedValue } = pfx;
  if (!parsedValue?.authenticatedSafe) throw new TypeError('a PFX without contents');
  await parsedValue.authenticatedSafe.makeInternalValues({ safeContents: [{}, cover] }, engine);
  await pfx.makeInternalValues(
    {
      password,
      iterations: ITERATIONS,
      pbkdf2HashAlgorithm: { name: 'SHA-256' },
      hmacHashAlgorithm: 'SHA-256',
    },
    engine,
  );
  return new Uint8Array(pfx.toSchema().toBER(false));
}

/** What ties the key to its certificate, and names both. */
function attributes(friendlyName: string, keyId: Uint8Array<ArrayBuffer>): pkijs.Attribute[] {
  return [
    new pkijs.Attribute({ type: FRIENDLY_NAME, values: [new asn1js.BmpString({ value: friendlyName })] }),
    new pkijs.Attribute({ type: LOCAL_KEY_ID, values: [new asn1js.OctetString({ valueHex: keyId })] }),
  ];
}
