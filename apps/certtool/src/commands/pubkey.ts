import { masterKeyId } from '@ranked/cert';
import { Option, type Command } from 'commander';
import { masterPublicKey, toPem } from '../master-public-key.js';
import { result, resultBlock } from '../output.js';
import { ownMasterKey } from '../own-master-key.js';
import { settingsFrom, withSettings } from '../settings.js';

type Format = 'hex' | 'pem' | 'c';

/** `certtool pubkey`: the master's public key in a form that a program can embed. */
export function addPubkey(program: Command): void {
  withSettings(program.command('pubkey'))
    .description("print the master's public key")
    .addOption(new Option('--format <format>', 'form of the key').choices(['hex', 'pem', 'c']).default('hex'))
    .option('--master-key <file|hex>', 'another key than <data>/master.key')
    .addHelpText(
      'after',
      `
Examples:
  certtool pubkey
  certtool pubkey --format pem > master.pem
  certtool pubkey --format c > master_public_key.h`,
    )
    .action((options: { data?: string; database?: string; format: Format; masterKey?: string }) => {
      const publicKey =
        options.masterKey === undefined
          ? ownMasterKey(settingsFrom(options)).publicKey
          : masterPublicKey(options.masterKey);
      if (options.format === 'hex') result(Buffer.from(publicKey).toString('hex'));
      else resultBlock(options.format === 'pem' ? toPem(publicKey) : toC(publicKey));
    });
}

function toC(publicKey: Uint8Array): string {
  const bytes = Array.from(publicKey, (byte) => `0x${byte.toString(16).padStart(2, '0')}`);
  const lines = [0, 8, 16, 24].map((start) => `    ${bytes.slice(start, start + 8).join(', ')},`);
  return [
    `/* Ed25519 public key of the master, id ${masterKeyId(publicKey)} */`,
    'static const unsigned char ranked_master_public_key[32] = {',
    ...lines,
    '};',
  ].join('\n');
}
