import type { ReasonBody } from '../api/contract.js';
import { PlainText } from './validation.js';

/** Why something is done. */
export class ReasonDto implements ReasonBody {
  @PlainText(1, 200)
  reason: string;
}
