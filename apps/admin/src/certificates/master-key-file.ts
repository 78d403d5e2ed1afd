import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { Injectable } from '@nestjs/common';
import { masterKeyId } from '@ranked/cert';
import { readMasterKey, replaceMasterKey, type MasterKey } from '@ranked/cert/files';
import { AdminConfig } from '../config/admin-config.js';
import { Problem } from '../http/problem.js';

/** The master key's file. The key is read when it is needed and not kept. */
@Injectable()
export class MasterKeyFile {
  constructor(private readonly config: AdminConfig) {}

  /** @throws Problem `no-master-key` */
  read(): MasterKey {
    try {
      return readMasterKey(this.config.masterKeyFile);
    } catch {
      throw new Problem(
        'no-master-key',
        'The file of the master key is not here or cannot be read; use certtool where it is.',
      );
    }
  }

  /** Id of the key in the file; undefined if it cannot be read. */
  keyId(): string | undefined {
    try {
      return masterKeyId(readMasterKey(this.config.masterKeyFile).publicKey);
    } catch {
      return undefined;
    }
  }

  /** Whether the file can be read and another put in its place. */
  isAvailable(): boolean {
    try {
      fs.accessSync(this.config.masterKeyFile, fs.constants.R_OK | fs.constants.W_OK);
      return this.keyId() !== undefined;
    } catch {
      return false;
    }
  }

  /** Makes another key; the old one is kept beside it. */
  replace(): void {
    replaceMasterKey(this.config.masterKeyFile, randomBytes(32));
  }
}
