import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import { masterPublicKey } from '../src/index.js';
import { verifyMessage } from '../src/ed25519.js';
import { expand } from '../src/key-schedule.js';
import { MacKey } from '../src/mac-key.js';
import { ephemeralKey, sharedSecret } from '../src/x25519.js';
import { codeOf } from './channel-fixture.js';
import { hex, wycheproof } from './read-vectors.js';
import * as slow from './slow-protocol.js';

interface Case {
  tcId: number;
  comment: string;
  result: 'valid' | 'invalid' | 'acceptable';
}

describe('AES-256-GCM, called as the sealer and the opener call it', () => {
  type Gcm = Case & Record<'key' | 'iv' | 'aad' | 'msg' | 'ct' | 'tag', string>;
  test.each(wycheproof<Gcm>('aes-gcm'))('%s', (_name, { key, iv, aad, msg, ct, tag, result }) => {
    const secret = createSecretKey(hex(key));
    const open = () => {
      const decipher = createDecipheriv('aes-256-gcm', secret, hex(iv), { authTagLength: 16 });
      decipher.setAAD(hex(aad));
      decipher.setAuthTag(hex(tag));
      const plaintext = decipher.update(hex(ct));
      decipher.final();
      return plaintext.toString('hex');
    };
    if (result !== 'valid') return void expect(open).toThrow();
    expect(open()).toBe(msg);
    const cipher = createCipheriv('aes-256-gcm', secret, hex(iv));
    cipher.setAAD(hex(aad));
    expect(cipher.update(hex(msg)).toString('hex')).toBe(ct);
    cipher.final();
    return expect(cipher.getAuthTag().toString('hex')).toBe(tag);
  });
});

describe('HMAC-SHA256, the one-shot form and the slow twin', () => {
  type Mac = Case & Record<'key' | 'msg' | 'tag', string>;
  test.each(wycheproof<Mac>('hmac-sha256'))('%s', (_name, { key, msg, tag, result }) => {
    const mac = new MacKey(hex(key)).sign(hex(msg)).toString('hex');
    expect(mac === tag).toBe(result === 'valid');
    expect(mac).toBe(slow.hmac(hex(key), hex(msg)).toString('hex'));
  });
});

describe('HKDF-SHA256', () => {
  type Hkdf = Case & Record<'ikm' | 'salt' | 'info' | 'okm', string> & { size: number };
  test.each(wycheproof<Hkdf>('hkdf-sha256'))('%s', (_name, { ikm, salt, info, size, okm }) => {
    const prk = new MacKey(hex(salt)).sign(hex(ikm));
    expect(expand(new MacKey(prk), hex(info).toString('latin1'), size).toString('hex')).toBe(okm);
    expect(slow.expand(prk, hex(info), size).toString('hex')).toBe(okm);
  });
});

describe('X25519', () => {
  type Dh = Case & Record<'public' | 'private' | 'shared', string> & { zero: boolean };
  test.each(wycheproof<Dh>('x25519'))('%s', (_name, { public: other, private: own, shared, zero }) => {
    const { privateKey } = ephemeralKey(hex(own));
    const exchange = () => sharedSecret(privateKey, hex(other)).toString('hex');
    if (zero) expect(codeOf(exchange)).toBe('key-exchange');
    else expect(exchange()).toBe(shared);
  });

  test('the public half that goes on the wire is the private half’s', () => {
    for (let i = 0; i < 20; i++) {
      const seed = Buffer.alloc(32, i * 11);
      expect(ephemeralKey(seed).publicKey).toEqual(slow.x25519Public(seed));
    }
  });
});

describe('Ed25519', () => {
  type Signature = Case & Record<'pk' | 'msg' | 'sig', string>;
  test.each(wycheproof<Signature>('ed25519'))('%s', (_name, { pk, msg, sig, result }) => {
    expect(verifyMessage(masterPublicKey(hex(pk)), hex(msg), hex(sig))).toBe(result === 'valid');
  });
});
